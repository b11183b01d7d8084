namespace RedisInfer.Errors;

/// <summary>
/// The one exception type of this library. Wrong arguments, cancellation and use after disposal keep the exceptions of the
/// base class library; everything else is this, with a <see cref="Code"/> and a message that says what was wrong, where,
/// and what to do about it.
/// </summary>
public sealed class RedisInferException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="code">What went wrong.</param>
    /// <param name="message">What was wrong, where, and the remedy.</param>
    /// <param name="innerException">The cause, where another exception was.</param>
    public RedisInferException(RedisInferErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>What went wrong.</summary>
    public RedisInferErrorCode Code { get; }
}
