using System.Globalization;
using System.Runtime.InteropServices;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Benchmarks.ContextLoad;

/// <summary>Measures loading the tokens of a whole context as one value, and reading them from the buffer.</summary>
internal static class TokenRun
{
    private static readonly int[] Thousands = [4, 32, 128];

    public static async Task<IEnumerable<string>> RunAsync(IRedisConnectionSource source, int rounds, CancellationToken cancellationToken)
    {
        IDatabase database = (await source.ConnectAsync(cancellationToken)).GetDatabase();
        var figures = new List<string>();
        foreach (int thousands in Thousands)
        {
            int[] tokens = [.. Enumerable.Range(0, thousands * 1024)];
            RedisKey key = $"{{benchmark}}:tokens:{thousands}k";
            await database.StringSetAsync(key, MemoryMarshal.AsBytes<int>(tokens).ToArray());
            Measured[] measured = await Measured.RunAsync(
                rounds, () => LoadAsync(new PinnedContextLoader()), () => LoadAsync(new CopyingContextLoader()));
            (Measured pinned, Measured copied) = (measured[0], measured[1]);
            await database.KeyDeleteAsync(key);
            Console.WriteLine($"{thousands,4}k tokens  pinned {pinned}");
            Console.WriteLine($"{thousands,4}k tokens  copied {copied}");
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"pinned_over_copied_time_{thousands}k_tokens={pinned.Ms / copied.Ms:0.00}"));
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"pinned_bytes_allocated_{thousands}k_tokens={pinned.AllocatedBytes}"));
            figures.Add(string.Create(CultureInfo.InvariantCulture, $"copied_bytes_allocated_{thousands}k_tokens={copied.AllocatedBytes}"));

            // A single load of this size is too short to measure, so a round consists of many.
            async Task LoadAsync(IContextLoader loader)
            {
                for (int i = 0; i < 20; i++)
                {
                    using LoadedContext? loaded = await loader.LoadAsync(database, key, cancellationToken);
                    if (MemoryMarshal.Cast<byte, int>(loaded!.Value.Span)[^1] != tokens[^1])
                        throw new InvalidOperationException("The loaded tokens differ from the stored tokens.");
                }
            }
        }

        return figures;
    }
}
