namespace RedisInfer.Scheduling;

/// <summary>What a token means for the answer that it was chosen for.</summary>
internal enum TokenOutcome
{
    /// <summary>The answer continues.</summary>
    Continues,

    /// <summary>The answer is complete.</summary>
    Complete,

    /// <summary>The answer has as many tokens as it may have.</summary>
    LimitReached,
}
