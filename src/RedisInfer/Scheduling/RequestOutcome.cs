namespace RedisInfer.Scheduling;

/// <summary>How a request ended.</summary>
internal enum RequestOutcome
{
    /// <summary>By the model or a stop sequence.</summary>
    Stopped,

    /// <summary>By the limit of tokens.</summary>
    Length,

    /// <summary>By its caller.</summary>
    Cancelled,

    /// <summary>By an error.</summary>
    Failed,
}
