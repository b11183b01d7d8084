using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Turns what a command throws into this library's errors: what was wrong, where, and what to do. How connecting fails is told by
/// <see cref="RedisConnectionErrors"/>.
/// </summary>
internal static class RedisErrors
{
    /// <summary>Whether <see cref="From"/> maps an exception; cancellation and wrong arguments stay what they are.</summary>
    /// <param name="exception">Any exception.</param>
    /// <returns><see langword="true"/> for the Redis client's own and for its time-outs.</returns>
    public static bool IsRedis(Exception exception) => exception is RedisException or RedisTimeoutException or RedisCommandException;

    /// <summary>Maps an exception of the Redis client.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="where">The server, for example <c>Redis at localhost:6379</c>.</param>
    /// <param name="doing">What was being done, for example <c>reading the corpus 'docs'</c>.</param>
    /// <returns>The exception to throw.</returns>
    public static RedisInferException From(Exception exception, string where, string doing)
    {
        // A script or transaction that runs out of memory names OOM in the middle of the message.
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
            return "Allow it to this user (ACL SETUSER): docs/REDIS_FORMAT.md lists the rights needed.";
        if (Says("OOM "))
            return "The server is at its maxmemory: raise it, or remove documents from the index.";
        if (Says("unknown command"))
            return "The server lacks the command: use Redis 7 or later, Valkey, or Garnet.";
        if (Says("READONLY"))
            return "It is a read-only replica: connect to its primary.";
        if (Says("LOADING"))
            return "It is still loading its data: try again when it is ready.";
        if (Says("MISCONF"))
            return "It cannot save its data to disk: its log tells why.";
        if (Says("WRONGTYPE"))
            return "A key of this corpus holds something else: choose another corpus name.";
        return exception is RedisTimeoutException
            ? "It is busy, stopped, or the network is slow; 'asyncTimeout' (in ms) in the Redis configuration allows more time."
            : "Check that it runs and can be reached; the connection comes back by itself when it is there again.";

        bool Says(string part) => message.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    private static string FirstLine(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        string line = (end < 0 ? message : message[..end]).Trim();
        return line.EndsWith('.') ? line : line + ".";
    }
}
