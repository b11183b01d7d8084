namespace RedisInfer.Reuse;

/// <summary>How far a request has come in finding attention states that it need not compute.</summary>
internal enum ReuseState
{
    /// <summary>It looks among those in the context, and waits for one that is being made.</summary>
    Sharing,

    /// <summary>Stored ones are on their way.</summary>
    Restoring,

    /// <summary>What is not there is computed.</summary>
    Done,
}
