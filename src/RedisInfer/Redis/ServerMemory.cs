using System.Buffers;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>Memory limits and use, as a server reports them.</summary>
/// <param name="EndPoint">Address of the server.</param>
/// <param name="IsLocal">Whether it is on this machine, as far as the address shows.</param>
/// <param name="LimitBytes">Its <c>maxmemory</c>, in bytes; 0: no limit.</param>
/// <param name="UsedBytes">Memory that it uses now, in bytes.</param>
/// <param name="EvictionPolicy">Its <c>maxmemory-policy</c>; empty if it has none.</param>
internal sealed record ServerMemory(string EndPoint, bool IsLocal, long LimitBytes, long UsedBytes, string EvictionPolicy)
{
    /// <summary>Most bytes that it may use: its limit, or its current use if it has no limit.</summary>
    public long Bytes => LimitBytes > 0 ? LimitBytes : UsedBytes;

    /// <summary>Whether it evicts documents when its memory is full, and not only keys with a time to live.</summary>
    public bool EvictsDocuments => LimitBytes > 0 && EvictionPolicy.StartsWith("allkeys", StringComparison.Ordinal);

    /// <summary>
    /// Asks every server, on the source's connection. That connection may be forbidden to ask, as a connection of the host without
    /// <c>allowAdmin</c> is. Then asks on a second connection, and closes it again.
    /// </summary>
    /// <param name="source">Source of the connection.</param>
    /// <param name="cancellationToken">Ends the wait for a connection.</param>
    /// <returns>The servers that answered.</returns>
    public static async Task<IReadOnlyList<ServerMemory>> ReadAsync(IRedisConnectionSource source, CancellationToken cancellationToken)
    {
        IConnectionMultiplexer connection = await source.ConnectAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<ServerMemory> servers = await ReadAsync(connection).ConfigureAwait(false);
        if (servers.Count == connection.GetEndPoints().Length)
        {
            return servers;
        }

        await using IRedisConnectionSource second = source.OpenCache(MemoryPool<byte>.Shared);
        try
        {
            IReadOnlyList<ServerMemory> asked = await ReadAsync(await second.ConnectAsync(cancellationToken).ConfigureAwait(false)).ConfigureAwait(false);
            return asked.Count > servers.Count ? asked : servers;
        }
        catch (RedisInferException)
        {
            return servers; // the server accepts no second connection
        }
    }

    /// <summary>Asks every server, on one connection.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>The servers that answered. The connection may be forbidden to ask.</returns>
    public static async Task<IReadOnlyList<ServerMemory>> ReadAsync(IConnectionMultiplexer connection)
    {
        List<ServerMemory> servers = [];
        foreach (EndPoint endPoint in connection.GetEndPoints())
        {
            if (await ReadAsync(connection.GetServer(endPoint), IsOnThisMachine(endPoint)).ConfigureAwait(false) is { } memory)
            {
                servers.Add(memory);
            }
        }

        return servers;
    }

    private static async Task<ServerMemory?> ReadAsync(IServer server, bool isLocal)
    {
        try
        {
            Dictionary<string, string> memory = (await server.InfoAsync("memory").ConfigureAwait(false))
                .SelectMany(group => group)
                .DistinctBy(pair => pair.Key)
                .ToDictionary(pair => pair.Key, pair => pair.Value);
            return new ServerMemory(
                EndPointText.Of([server.EndPoint]),
                isLocal,
                Number("maxmemory"),
                Number("used_memory"),
                memory.GetValueOrDefault("maxmemory_policy", ""));

            long Number(string name) =>
                long.TryParse(memory.GetValueOrDefault(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : 0;
        }
        catch (Exception e) when (RedisErrors.IsRedis(e))
        {
            return null; // forbidden to this user by the server, or to this connection by the host
        }
    }

    private static bool IsOnThisMachine(EndPoint endPoint) => endPoint switch
    {
        UnixDomainSocketEndPoint => true,
        IPEndPoint address => IPAddress.IsLoopback(address.Address),
        DnsEndPoint name => name.Host is "localhost" || name.Host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
