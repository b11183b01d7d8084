namespace RedisInfer.Errors;

/// <summary>
/// The exception type of this library. It has a <see cref="Code"/>, and a message that says what is wrong, where, and what to do. Wrong
/// arguments, cancellation and use after disposal throw the exceptions of the base class library instead.
/// </summary>
public sealed class RedisInferException : Exception
{
    /// <summary>Creates an exception.</summary>
    /// <param name="code">Kind of the error.</param>
    /// <param name="message">What is wrong, where, and what to do.</param>
    /// <param name="innerException">The exception that caused this one; <see langword="null"/> if none did.</param>
    public RedisInferException(RedisInferErrorCode code, string message, Exception? innerException = null)
        : base(message, innerException) => Code = code;

    /// <summary>Kind of the error.</summary>
    public RedisInferErrorCode Code { get; }
}
