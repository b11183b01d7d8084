using System.Globalization;
using System.Net.Sockets;
using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Errors of connecting to Redis; errors of commands are in <see cref="RedisErrors"/>. The parameter <c>where</c> is the
/// <see cref="IRedisConnectionSource.Description"/>, such as "Redis at localhost:6379". No text contains a password.
/// </summary>
internal static class RedisConnectionErrors
{
    private const string AddPassword = "Add ',password=...' (and ',user=...' for an ACL user) to the Redis configuration.";

    /// <summary>No address could be connected to.</summary>
    public static RedisInferException Unreachable(string where, int connectTimeoutMs, SocketException cause)
    {
        var why = cause.SocketErrorCode switch
        {
            SocketError.ConnectionRefused => "nothing listens there. Start Redis, correct the address, or use the embedded server "
                + "(UseEmbeddedGarnet() of the package RedisInfer.Garnet).",
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain =>
                "its host name is not known. Check the host name and this machine's name resolution.",
            SocketError.TimedOut => string.Create(
                CultureInfo.InvariantCulture,
                $"no connection within {connectTimeoutMs} ms. Check the address, the port and the firewalls on the way."),
            _ => $"{cause.Message.TrimEnd('.')}. Check the address, the port and the network on the way.",
        };
        return Unavailable($"{where} cannot be reached: {why}", cause);
    }

    /// <summary>The connection was opened, but the first exchange with the server failed.</summary>
    public static RedisInferException NotAdmitted(string where, ConfigurationOptions options, string log, Exception cause)
    {
        // StackExchange.Redis reports some of the reasons only in its log.
        var text = cause.Message + "\n" + cause.InnerException?.Message + "\n" + log;
        return Refusal(where, options, text, cause) ?? Unavailable(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{where} accepted the connection, but did not answer as Redis does within {options.ConnectTimeout} ms. ")
            + (options.Ssl ? "Is it Redis, and does it use TLS (ssl=true)?" : "Is it Redis, is it busy, or does it need TLS (ssl=true)?"),
            cause);
    }

    /// <summary>Throws if the server's first answer refuses this client.</summary>
    public static void ThrowIfRefused(string where, ConfigurationOptions options, string answer)
    {
        if (Refusal(where, options, answer, cause: null) is { } refusal)
            throw refusal;
    }

    private static RedisInferException? Refusal(string where, ConfigurationOptions options, string text, Exception? cause)
    {
        if (Says(text, "WRONGPASS"))
        {
            var user = options.User is { Length: > 0 } name ? $"user '{name}' or that user's password" : "password";
            return Unavailable($"{where} refused the {user}. Correct it in the Redis configuration.", cause);
        }

        if (Says(text, "NOAUTH"))
            return Unavailable($"{where} asks for a password, and the configuration has none. {AddPassword}", cause);
        if (Says(text, "NOPERM"))
        {
            return Unavailable(
                $"{where} denies its user the commands that every connection needs. Allow at least +@connection +@read +@write +info "
                + "to that user in Redis (ACL SETUSER).", cause);
        }

        if (Says(text, "max number of clients"))
            return Unavailable($"{where} has reached its limit of clients. Raise its 'maxclients' or close other connections.", cause);
        return Says(text, "-DENIED")
            ? Unavailable($"{where} runs in protected mode and accepts only local connections. Set a password on the server.", cause)
            : null;
    }

    private static RedisInferException Unavailable(string message, Exception? cause) =>
        new(RedisInferErrorCode.StoreUnavailable, message, cause);

    private static bool Says(string text, string word) => text.Contains(word, StringComparison.Ordinal);
}
