using System.Globalization;
using RedisInfer.Corpus.Records;
using StackExchange.Redis;

namespace RedisInfer.KvBlocks.InRedis;

/// <summary>
/// Lists the stored blocks of the corpus by the time of their last use, in one sorted set on the server that all processes share. It limits
/// the total size of the blocks on servers that evict nothing. Used by one task at a time.
/// </summary>
internal sealed class KvIndex(CorpusKeys keys, KvCacheOptions settings, TimeProvider time)
{
    // Reading the index costs a round trip, so it is done once each time this fraction of the limit was added.
    private const int TrimsPerLimit = 16;
    private const int MaxAtOnce = 256;

    private long _addedBytes;

    /// <summary>Adds a block that was just stored. If the blocks exceed the size limit, removes the least recently used.</summary>
    public async Task AddAsync(IDatabase database, KvBlock block, int recordBytes)
    {
        await database.SortedSetAddAsync(keys.KvIndex, MemberOf(block, recordBytes), ScoreOf(block, time.GetUtcNow())).ConfigureAwait(false);
        _addedBytes += recordBytes;
        if (_addedBytes >= settings.MaxStoredBytes / TrimsPerLimit)
        {
            _addedBytes = 0;
            await TrimAsync(database).ConfigureAwait(false);
        }
    }

    /// <summary>Finds the most recently used blocks.</summary>
    /// <param name="database">The database of the corpus.</param>
    /// <param name="keys">The keys of the corpus.</param>
    /// <param name="count">Most blocks to find.</param>
    /// <returns>Their keys. The blocks may have been evicted.</returns>
    public static async Task<IReadOnlyList<RedisKey>> ListNewestAsync(IDatabase database, CorpusKeys keys, int count)
    {
        RedisValue[] newest = await database.SortedSetRangeByRankAsync(keys.KvIndex, 0, count - 1, Order.Descending).ConfigureAwait(false);
        return [.. newest.Select(member => keys.KvBlock(Parse(member.ToString()).Name))];
    }

    /// <summary>Notes that blocks were used. Renews the time to live of those with less than half of it left.</summary>
    public async Task TouchAsync(IDatabase database, IReadOnlyList<(KvBlock Block, int RecordBytes)> used)
    {
        DateTimeOffset now = time.GetUtcNow();
        SortedSetEntry[] entries = [.. used.Select(u => new SortedSetEntry(MemberOf(u.Block, u.RecordBytes), ScoreOf(u.Block, now)))];
        Task add = database.SortedSetAddAsync(keys.KvIndex, entries);
        TimeSpan?[] left = await Task.WhenAll(used.Select(u => database.KeyTimeToLiveAsync(keys.KvBlock(u.Block.Key.ToString())))).ConfigureAwait(false);
        await add.ConfigureAwait(false);

        // On some servers, setting a time to live copies the whole value, so it is not done at every use.
        await Task.WhenAll(used
            .Where((_, i) => left[i] is { } rest && rest < settings.TimeToLive / 2)
            .Select(u => database.KeyExpireAsync(keys.KvBlock(u.Block.Key.ToString()), settings.TimeToLive))).ConfigureAwait(false);
    }

    /// <summary>Removes entries of blocks that the server has evicted or expired, and the oldest blocks beyond the size limit.</summary>
    private async Task TrimAsync(IDatabase database)
    {
        RedisValue[] newestFirst = await database.SortedSetRangeByRankAsync(keys.KvIndex, order: Order.Descending).ConfigureAwait(false);
        long total = 0;
        foreach (RedisValue[] batch in newestFirst.Chunk(MaxAtOnce))
        {
            (string Name, long Bytes)[] blocks = [.. batch.Select(member => Parse(member.ToString()))];

            // Scores come from the clocks of several machines, so they cannot say which blocks have expired. The server can.
            bool[] exists = await Task.WhenAll(
                blocks.Select(block => database.KeyExistsAsync(keys.KvBlock(block.Name)))).ConfigureAwait(false);
            List<RedisKey> surplus = [];
            List<RedisValue> removed = [];
            foreach ((int i, (string name, long bytes)) in blocks.Index())
            {
                total += exists[i] ? bytes : 0;
                if (exists[i] && total <= settings.MaxStoredBytes)
                    continue;
                removed.Add(batch[i]);
                if (exists[i])
                    surplus.Add(keys.KvBlock(name));
            }

            if (surplus.Count > 0)
                await database.KeyDeleteAsync([.. surplus]).ConfigureAwait(false);
            if (removed.Count > 0)
                await database.SortedSetRemoveAsync(keys.KvIndex, [.. removed]).ConfigureAwait(false);
        }
    }

    // Deeper blocks of a chain count as a little older: without the blocks before them they are useless, so they should be removed first.
    private static double ScoreOf(KvBlock block, DateTimeOffset used) => used.ToUnixTimeMilliseconds() - (block.Start / 1000.0);

    private static string MemberOf(KvBlock block, int recordBytes) =>
        string.Create(CultureInfo.InvariantCulture, $"{block.Key}:{recordBytes}");

    private static (string Name, long Bytes) Parse(string member)
    {
        int colon = member.IndexOf(':', StringComparison.Ordinal);
        return colon > 0 && long.TryParse(member.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out long bytes)
            ? (member[..colon], bytes)
            : (member, 0);
    }
}
