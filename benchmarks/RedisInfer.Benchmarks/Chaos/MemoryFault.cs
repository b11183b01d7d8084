using System.Diagnostics;
using System.Globalization;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>A memory limit below what a server uses already. It refuses every command that may need more.</summary>
internal static class MemoryFault
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(10);

    public static async Task<ServerFault> CauseAsync(IReadOnlyList<RedisServer> servers, TimeSpan time, CancellationToken cancellationToken)
    {
        time = time < Longest ? time : Longest;

        // The server can be reached and answers questions, so it counts as up.
        await LimitAsync(servers, 1);
        try
        {
            await Task.Delay(time, cancellationToken);
        }
        finally
        {
            await LimitAsync(servers, 0);
        }

        long back = Stopwatch.GetTimestamp();
        return new ServerFault(
            string.Create(CultureInfo.InvariantCulture, $"maxmemory reached for {time.TotalSeconds:0} s"), back, back);
    }

    private static async Task LimitAsync(IReadOnlyList<RedisServer> servers, int bytes)
    {
        foreach (RedisServer server in servers)
        {
            await server.AskAsync("CONFIG", "SET", "maxmemory-policy", "noeviction");
            await server.AskAsync("CONFIG", "SET", "maxmemory", bytes.ToString(CultureInfo.InvariantCulture));
        }
    }
}
