using System.Diagnostics;
using System.Globalization;
using RedisInfer.KvBlocks;
using RedisInfer.KvBlocks.InRedis;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Benchmarks.ContextLoad;

/// <summary>
/// Measures how long a short command waits while blocks are loaded: on the connection for searches, and on the one for blocks.
/// </summary>
internal static class SearchDelayRun
{
    private const int Loads = 5;

    public static async Task<IEnumerable<string>> RunAsync(
        IRedisConnectionSource source, KvChain chain, RedisKvBlockStore store, CancellationToken cancellationToken)
    {
        IDatabase searches = (await source.ConnectAsync(cancellationToken)).GetDatabase();
        double idle = await PingAsync(() => searches.PingAsync(), Task.Delay(500, cancellationToken));
        double beside = await PingAsync(() => searches.PingAsync(), LoadAsync());
        double behind = await PingAsync(() => store.CountStoredAsync(chain, chain.Blocks.Count - 1, cancellationToken), LoadAsync());
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"a short command, 99th percentile: {idle:0.0} ms idle, {beside:0.0} ms while blocks are loaded, {behind:0.0} ms on their connection"));
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"search_wait_ms_idle={idle:0.0}"),
            string.Create(CultureInfo.InvariantCulture, $"search_wait_ms_own_connection={beside:0.0}"),
            string.Create(CultureInfo.InvariantCulture, $"search_wait_ms_shared_connection={behind:0.0}"),
        ];

        async Task LoadAsync()
        {
            for (int i = 0; i < Loads; i++)
            {
                await foreach (LoadedKvBlock block in store.LoadAsync(chain, 0, chain.Blocks.Count, cancellationToken))
                {
                    block.Dispose();
                }
            }
        }
    }

    private static async Task<double> PingAsync(Func<Task> ping, Task until)
    {
        var waits = new List<double>();
        while (!until.IsCompleted)
        {
            long started = Stopwatch.GetTimestamp();
            await ping();
            waits.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            await Task.Delay(1);
        }

        await until;
        return waits.Order().ElementAt(waits.Count * 99 / 100);
    }
}
