using System.Diagnostics;
using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Maps exceptions of commands to errors of this library: what was wrong, where, and what to do. Errors of connecting are in
/// <see cref="RedisConnectionErrors"/>.
/// </summary>
internal static class RedisErrors
{
    /// <summary>Whether <see cref="From"/> maps an exception. It does not map cancellation and wrong arguments.</summary>
    /// <param name="exception">Any exception.</param>
    /// <returns>
    /// <see langword="true"/> for the Redis client's own exceptions and its time-outs, and for an answer that is not what the command gives.
    /// </returns>
    public static bool IsRedis(Exception exception) =>
        exception is RedisException or RedisTimeoutException or RedisCommandException || IsOddAnswer(exception);

    // The client converts an answer to the type that the command gives. If the answer is another one, its code throws these.
    private static bool IsOddAnswer(Exception exception) =>
        exception is OddAnswerException
        || (exception is FormatException or InvalidCastException or OverflowException or IndexOutOfRangeException or NullReferenceException
                or (InvalidOperationException and not ObjectDisposedException)
            && ThrowingAssembly(exception) is "RESPite" or "StackExchange.Redis");

    // Not Exception.Source: the runtime itself checks the index of an array, in its own name.
    private static string? ThrowingAssembly(Exception exception) =>
        new StackTrace(exception).GetFrames()
            .Select(frame => DiagnosticMethodInfo.Create(frame)?.DeclaringAssemblyName.Split(',')[0])
            .FirstOrDefault(name => name is not (null or "System.Private.CoreLib"));

    /// <summary>Maps an exception of the Redis client.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="where">The server, for example <c>Redis at localhost:6379</c>.</param>
    /// <param name="doing">The operation, for example <c>reading the corpus 'docs'</c>.</param>
    /// <returns>The exception to throw.</returns>
    public static RedisInferException From(Exception exception, string where, string doing)
    {
        // An out-of-memory error of a script or transaction has OOM in the middle of the message.
        RedisInferErrorCode code = exception.Message.Contains("OOM ", StringComparison.Ordinal)
            ? RedisInferErrorCode.OverBudget
            : RedisInferErrorCode.StoreUnavailable;
        return new RedisInferException(code, $"{where} failed while {doing}: {FirstLine(exception.Message)} {Advice(exception)}", exception);
    }

    private static string Advice(Exception exception)
    {
        string message = exception.Message;
        if (Says("NOAUTH") || Says("WRONGPASS"))
            return "Add ',password=...' (and ',user=...' for an ACL user) to the Redis configuration.";
        if (Says("NOPERM"))
            return "Allow the command to this user (ACL SETUSER); docs/REDIS_FORMAT.md lists the required rights.";
        if (Says("OOM "))
            return "The server has reached its maxmemory: raise it, or remove documents from the index.";
        if (Says("unknown command"))
            return "The server does not have the command: use Redis 7 or later, Valkey, or Garnet.";
        if (Says("READONLY"))
            return "The server is a read-only replica: connect to its primary.";
        if (Says("LOADING"))
            return "The server is still loading its data: try again when it is ready.";
        if (Says("MISCONF"))
            return "The server cannot save its data to disk: see its log for the reason.";
        if (Says("WRONGTYPE"))
            return "A key of this corpus contains other data: choose another corpus name.";
        if (IsOddAnswer(exception))
            return "That is not what the command gives. Check that the server is Redis 7 or later, Valkey or Garnet, and what is between.";
        if (exception is RedisTimeoutException && PoolStarvation.Find(message) is { } starvation)
            return starvation;
        return exception is RedisTimeoutException
            ? "The server is busy or stopped, or the network is slow. 'asyncTimeout' (in ms) in the Redis configuration sets the time-out."
            : "Check that the server runs and can be reached. The connection is restored automatically when the server is back.";

        bool Says(string part) => message.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    private static string FirstLine(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        string line = (end < 0 ? message : message[..end]).Trim();
        return line.EndsWith('.') ? line : line + ".";
    }
}
