using System.Globalization;
using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>Memory that servers on this machine take or may take.</summary>
internal static class ServerMemory
{
    /// <summary>Asks the servers on this machine for their <c>maxmemory</c>, or for what they use where they have none.</summary>
    /// <param name="connection">The connection.</param>
    /// <returns>Bytes; 0 where no server is on this machine or none may be asked (a connection of the host's needs <c>allowAdmin</c>).</returns>
    public static async Task<long> ReadLocalAsync(IConnectionMultiplexer connection)
    {
        long bytes = 0;
        foreach (EndPoint endPoint in connection.GetEndPoints().Where(IsLocal))
        {
            bytes += await ReadAsync(connection.GetServer(endPoint)).ConfigureAwait(false);
        }

        return bytes;
    }

    private static async Task<long> ReadAsync(IServer server)
    {
        try
        {
            Dictionary<string, string> memory = (await server.InfoAsync("memory").ConfigureAwait(false))
                .SelectMany(group => group)
                .DistinctBy(pair => pair.Key)
                .ToDictionary(pair => pair.Key, pair => pair.Value);
            long limit = Number("maxmemory");
            return limit > 0 ? limit : Number("used_memory");

            long Number(string name) =>
                long.TryParse(memory.GetValueOrDefault(name), NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : 0;
        }
        catch (Exception e) when (RedisErrors.IsRedis(e))
        {
            return 0; // the user may not ask, or the client lets only connections with admin rights ask
        }
    }

    private static bool IsLocal(EndPoint endPoint) => endPoint switch
    {
        UnixDomainSocketEndPoint => true,
        IPEndPoint address => IPAddress.IsLoopback(address.Address),
        DnsEndPoint name => name.Host is "localhost" || name.Host.Equals(Environment.MachineName, StringComparison.OrdinalIgnoreCase),
        _ => false,
    };
}
