using RedisInfer.Corpus.Records;
using StackExchange.Redis;

namespace RedisInfer.KvBlocks.InRedis;

/// <summary>
/// Stores blocks in the background, keeps those that are used from expiring, and removes the least recently used. Thread-safe.
/// </summary>
internal sealed class KvBlockWriter(
    KvConnection connection, CorpusKeys keys, KvCacheOptions settings, KvSaveQueue queue, KvMetrics metrics, TimeProvider time)
{
    private readonly KvIndex _index = new(keys, settings, time);

    /// <summary>Stores a block; returns at once.</summary>
    /// <param name="identity">The identity of the block.</param>
    /// <param name="block">The block.</param>
    /// <param name="buffer">Holds its state. The writer owns it from now on.</param>
    /// <param name="stateBytes">Length of the state.</param>
    public void Save(KvIdentity identity, KvBlock block, KvBuffer buffer, int stateBytes) =>
        queue.Save(buffer, () => SaveAsync(identity, block, buffer, stateBytes));

    /// <summary>Notes that blocks were used, so that they are kept longer than others; returns at once.</summary>
    /// <param name="used">The blocks with the lengths of their records, in the order of their chain.</param>
    public void Touch(IReadOnlyList<(KvBlock Block, int RecordBytes)> used)
    {
        if (used.Count > 0)
            queue.Note(() => TouchAsync(used));
    }

    private async Task SaveAsync(KvIdentity identity, KvBlock block, KvBuffer buffer, int stateBytes)
    {
        try
        {
            if (queue.Pause.IsOn || await connection.TryConnectAsync(CancellationToken.None).ConfigureAwait(false) is not { } database)
            {
                queue.Drop(buffer);
                return;
            }

            Memory<byte> record = buffer.Record(stateBytes);
            KvEnvelope.Seal(identity, block, record.Span);
            await database.StringSetAsync(keys.KvBlock(block.Key.ToString()), record, settings.TimeToLive).ConfigureAwait(false);
            buffer.Dispose();
            await _index.AddAsync(database, block, record.Length).ConfigureAwait(false);
            metrics.Count(KvOutcome.Saved, record.Length);
        }
        catch (RedisServerException e)
        {
            connection.Failed(queue.Pause, e, "storing KV blocks");
            queue.Drop(buffer);
        }
        catch (Exception e)
        {
            connection.Failed(e, "storing KV blocks");
            buffer.Abandon();
            metrics.Count(KvOutcome.Dropped);
        }
    }

    private async Task TouchAsync(IReadOnlyList<(KvBlock Block, int RecordBytes)> used)
    {
        try
        {
            if (await connection.TryConnectAsync(CancellationToken.None).ConfigureAwait(false) is { } database)
                await _index.TouchAsync(database, used).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            connection.Failed(e, "marking KV blocks as used");
        }
    }
}
