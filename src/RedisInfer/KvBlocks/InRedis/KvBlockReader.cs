using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.KvBlocks.InRedis;

/// <summary>Finds and loads the blocks of a chain. A block with any problem is a miss, never an exception. Thread-safe.</summary>
internal sealed partial class KvBlockReader(
    KvConnection connection, CorpusKeys keys, KvBlockSize size, IContextLoader loader, KvMetrics metrics, ILogger logger)
{
    // While one block is restored, the next is received and checked. Receiving more ahead is not faster, and takes memory.
    private const int Lookahead = 2;

    private const int MaxProbes = 1024;

    /// <summary>Counts the blocks that are stored, in one round trip per 1,024.</summary>
    /// <param name="chain">The prompt's blocks.</param>
    /// <param name="first">Index of the first block to look for.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The number of stored blocks from <paramref name="first"/> on without a gap.</returns>
    public async Task<int> CountStoredAsync(KvChain chain, int first, CancellationToken cancellationToken)
    {
        if (first >= chain.Blocks.Count || await connection.TryConnectAsync(cancellationToken).ConfigureAwait(false) is not { } database)
            return 0;

        try
        {
            int found = first;
            while (found < chain.Blocks.Count)
            {
                Task<long>[] probes = [.. chain.Blocks.Skip(found).Take(MaxProbes).Select(b => LengthAsync(database, keys.KvBlock(b.Key.ToString())))];
                long[] lengths = await Task.WhenAll(probes).WaitAsync(cancellationToken).ConfigureAwait(false);
                int stored = lengths.TakeWhile(CanBeBlock).Count();
                found += stored;
                if (stored < lengths.Length)
                    break;
            }

            return found - first;
        }
        catch (Exception e) when (KvConnection.IsMiss(e, cancellationToken))
        {
            connection.Failed(e, "looking for KV blocks");
            return 0;
        }
    }

    /// <summary>
    /// Loads blocks in order, up to the first that is missing. Some are received ahead of the one that is asked for, so enumerate only
    /// blocks that are about to be restored, and dispose of each once it is.
    /// </summary>
    /// <param name="chain">The prompt's blocks.</param>
    /// <param name="first">Index of the first block.</param>
    /// <param name="count">Most blocks to load.</param>
    /// <param name="cancellationToken">Ends the enumeration, as leaving it does.</param>
    /// <returns>The blocks.</returns>
    public async IAsyncEnumerable<LoadedKvBlock> LoadAsync(
        KvChain chain, int first, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (count == 0 || await connection.TryConnectAsync(cancellationToken).ConfigureAwait(false) is not { } database)
            yield break;

        int next = first;
        int end = Math.Min(chain.Blocks.Count, first + count);
        var ahead = new Queue<Task<LoadedKvBlock?>>(Lookahead);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            while (true)
            {
                while (ahead.Count < Lookahead && next < end)
                    ahead.Enqueue(LoadBlockAsync(database, chain.Identity, chain.Blocks[next++], stop.Token));
                if (!ahead.TryDequeue(out Task<LoadedKvBlock?>? load) || await load.ConfigureAwait(false) is not { } block)
                    yield break;
                yield return block;
            }
        }
        finally
        {
            stop.Cancel();     // CancelAsync would wait for a thread of the host's pool
            foreach (Task<LoadedKvBlock?> load in ahead)
            {
                await ((Task)load).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (load.IsCompletedSuccessfully)
                    (await load.ConfigureAwait(false))?.Dispose();
            }
        }
    }

    /// <summary>Reads a few of the most recently used blocks of the corpus, of any identity, and drops them.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task ReadNewestAsync(CancellationToken cancellationToken)
    {
        if (await connection.TryConnectAsync(cancellationToken).ConfigureAwait(false) is not { } database)
            return;

        try
        {
            foreach (RedisKey key in await KvIndex.ListNewestAsync(database, keys, Lookahead).ConfigureAwait(false))
            {
                if (CanBeBlock(await LengthAsync(database, key).ConfigureAwait(false)))
                    (await loader.LoadAsync(database, key, cancellationToken).ConfigureAwait(false))?.Dispose();
            }
        }
        catch (Exception e) when (KvConnection.IsMiss(e, cancellationToken))
        {
            connection.Failed(e, "reading KV blocks");
        }
    }

    private async Task<long> LengthAsync(IDatabase database, RedisKey key)
    {
        try
        {
            return await database.StringLengthAsync(key).ConfigureAwait(false);
        }
        catch (RedisServerException e) when (IsOtherType(e))
        {
            return 0;
        }
    }

    private async Task<LoadedKvBlock?> LoadBlockAsync(IDatabase database, KvIdentity identity, KvBlock block, CancellationToken cancellationToken)
    {
        LoadedContext? context = null;
        try
        {
            context = await loader.LoadAsync(database, keys.KvBlock(block.Key.ToString()), cancellationToken).ConfigureAwait(false);
            if (context is null)
            {
                metrics.Count(KvOutcome.Missed);
                return null;
            }

            string? problem = CanBeBlock(context.Value.Length) ? KvEnvelope.Check(identity, block, context.Value.Span) : "its size cannot be that of a KV block";
            if (problem is null)
            {
                metrics.Count(KvOutcome.Loaded, context.Value.Length);
                var loaded = new LoadedKvBlock(block, context.Value, context.Strategy, context.Reason, context);
                context = null;
                return loaded;
            }

            return Reject(block, problem);
        }
        catch (RedisServerException e) when (IsOtherType(e))
        {
            return Reject(block, "its key holds a value of another type");
        }
        catch (Exception e) when (KvConnection.IsMiss(e, cancellationToken))
        {
            metrics.Count(KvOutcome.Unavailable);
            connection.Failed(e, "reading KV blocks");
            return null;
        }
        finally
        {
            context?.Dispose();
        }
    }

    private LoadedKvBlock? Reject(KvBlock block, string problem)
    {
        metrics.Count(KvOutcome.Rejected);
        LogRejected(block.Key, problem);
        return null;
    }

    private static bool IsOtherType(RedisServerException exception) => exception.Message.StartsWith("WRONGTYPE", StringComparison.Ordinal);

    private bool CanBeBlock(long length) => length > KvEnvelope.OverheadBytes && length <= (long)size.StateBytes + KvEnvelope.OverheadBytes;

    [LoggerMessage(EventId = 540, Level = LogLevel.Warning, Message = "The stored KV block {Block} is not used: {Problem}. Its tokens are prefilled.")]
    private partial void LogRejected(KvBlockKey block, string problem);
}
