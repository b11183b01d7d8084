using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>Turns what the Redis client throws into this library's errors: what was wrong, where, and what to do.</summary>
internal static class RedisErrors
{
    /// <summary>Whether <see cref="From"/> maps an exception; cancellation and wrong arguments stay what they are.</summary>
    /// <param name="exception">Any exception.</param>
    /// <returns><see langword="true"/> for the Redis client's own and for its time-outs.</returns>
    public static bool IsRedis(Exception exception) => exception is RedisException or RedisTimeoutException or RedisCommandException;

    /// <summary>Maps an exception of the Redis client.</summary>
    /// <param name="exception">What was thrown.</param>
    /// <param name="doing">What was being done, for example <c>reading the corpus "docs"</c>.</param>
    /// <returns>The exception to throw.</returns>
    public static RedisInferException From(Exception exception, string doing)
    {
        string advice = Advice(exception);
        return new RedisInferException(
            RedisInferErrorCode.StoreUnavailable, $"Redis failed while {doing}: {FirstLine(exception.Message)} {advice}", exception);
    }

    private static string Advice(Exception exception)
    {
        string message = exception.Message;
        if (Says("NOAUTH") || Says("WRONGPASS") || Says("AuthenticationFailure"))
            return "Give user and password in the connection string (\"host:6379,user=...,password=...\").";
        if (Says("NOPERM"))
            return "Let this user run the command on the corpus's keys: docs/REDIS_FORMAT.md lists the rights needed.";
        if (Says("OOM"))
            return "The server is at its maxmemory: raise it, or remove documents. Documents are never evicted.";
        if (Says("unknown command"))
            return "The server lacks the command: use Redis 7 or later, Valkey, or Garnet.";
        if (Says("READONLY"))
            return "The connection goes to a replica: connect to the primary.";
        if (Says("LOADING"))
            return "The server is still loading its data: try again when it has finished.";
        if (Says("WRONGTYPE"))
            return "A key of this corpus holds something else: choose another corpus name.";
        if (exception is RedisTimeoutException)
            return "The server or this process is overloaded, or the network is slow: raise asyncTimeout in the connection string.";
        return "Check that the server runs and can be reached; the next call tries again.";

        bool Says(string part) => message.Contains(part, StringComparison.OrdinalIgnoreCase);
    }

    private static string FirstLine(string message)
    {
        int end = message.AsSpan().IndexOfAny('\r', '\n');
        string line = (end < 0 ? message : message[..end]).Trim();
        return line.EndsWith('.') ? line : line + ".";
    }
}
