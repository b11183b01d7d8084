using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// The servers that a connection's commands go to. If it is equal before and after some commands, the same servers have run all of them, and
/// none was restarted meanwhile.
/// </summary>
/// <param name="Sockets">Number of sockets that were opened so far.</param>
/// <param name="Primaries">The end points that are not known as replicas.</param>
internal readonly record struct ConnectedServers(long Sockets, string Primaries)
{
    /// <summary>Reads what the client knows. Nothing is sent.</summary>
    public static ConnectedServers Of(IConnectionMultiplexer connection) => new(
        connection.GetCounters().Interactive.SocketCount,
        string.Join(' ', connection.GetServers().Where(server => !server.IsReplica).Select(server => server.EndPoint)));
}
