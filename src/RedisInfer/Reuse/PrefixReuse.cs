using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>
/// Reuses KV states of prompts that share a prefix. Computed blocks are put into the pool, which is in this process's memory, and from
/// there into the stores. A request loads the blocks of its prompt that the pool has, after those that only stores have were put there. If
/// another request is computing the same prefix, it waits for that. A reused state equals the computed one, bit for bit. Used by the
/// decode thread alone.
/// </summary>
/// <param name="cells">The context.</param>
/// <param name="pool">The blocks in this process's memory.</param>
/// <param name="tiers">The stores, nearest first.</param>
/// <param name="maxStateBytes">Gives the most bytes of the state of a number of tokens.</param>
/// <param name="wake">Called, from any thread, when a stored block has arrived.</param>
/// <param name="logger">Gets a warning if states cannot be saved or restored.</param>
internal sealed partial class PrefixReuse(
    KvCells cells, KvBlockPool pool, KvTiers tiers, Func<int, long> maxStateBytes, Action wake, ILogger logger)
{
    // Copying a block to a store takes a millisecond or two. Running answers and new requests should not notice.
    private const int StoredAtOnce = 2;

    // Prompts of ended requests whose blocks a slow store has not taken yet. The oldest are given up.
    private const int MaxEnded = 256;

    // If all buffers of a store are in use, one becomes free when a block has been written.
    private static readonly TimeSpan BufferPoll = TimeSpan.FromMilliseconds(5);

    // The tracks of running requests, in the order of their admission.
    private readonly List<KvTrack> _running = [];
    private readonly List<SequencePrefix> _ended = [];
    private bool _isOff;

    /// <summary>
    /// Time until computed blocks that are still to be stored can be handed to a store; <see langword="null"/> if there are none.
    /// </summary>
    public TimeSpan? NextSave => Unstored()
        .Select(found => tiers.Stores[found.Store].Pause is var pause && pause > BufferPoll ? pause : BufferPoll)
        .Cast<TimeSpan?>().Min();

    /// <summary>Whether there are computed blocks that are still to be stored, and a store that takes them.</summary>
    public bool CanSaveBlocks => Unstored().Any(found => tiers.Stores[found.Store].Pause == TimeSpan.Zero);

    /// <summary>Bytes of the blocks in this process's memory.</summary>
    public long PooledBytes => pool.Bytes;

    /// <summary>Begins the track of a prompt or of a part of it.</summary>
    /// <param name="id">Its sequence id.</param>
    /// <param name="chain">The blocks that may be reused; <see langword="null"/>: every token is computed.</param>
    /// <param name="reused">Counts what is reused.</param>
    public KvTrack Begin(int id, KvChain? chain, ReuseFigures reused) =>
        new(id, chain is { Blocks.Count: > 0 } && !_isOff ? new SequencePrefix(chain, tiers.Stores.Count) : null, reused);

    /// <summary>Adds the track of a request that starts to run.</summary>
    public void Add(KvTrack track) => _running.Add(track);

    /// <summary>Removes the track of a request that ends, while its sequence is still in the context.</summary>
    public void Remove(KvTrack track)
    {
        PoolBlocks(track);
        Forget(track);
    }

    /// <summary>Removes the track of a request that ends. Its sequence is not to be used any more.</summary>
    public void Forget(KvTrack track)
    {
        _running.Remove(track);
        Keep(track.Prefix);
    }

    /// <summary>Stores blocks of a prompt later, although no request of it runs.</summary>
    public void Keep(SequencePrefix? prefix)
    {
        if (prefix is not null && HasUnstored(prefix))
        {
            _ended.Add(prefix);
            _ended.RemoveRange(0, Math.Max(0, _ended.Count - MaxEnded));
        }
    }

    /// <summary>Starts a track again, with nothing restored. The pool and the stores get the states that are computed now.</summary>
    /// <param name="track">The track.</param>
    /// <param name="passages">The passages of its prompt that are computed independently.</param>
    public void ComputeAgain(KvTrack track, PassagePlan? passages)
    {
        foreach (PassagePart part in passages?.Parts ?? [])
        {
            pool.Remove(part.Chain);
        }

        if (track.Prefix is { } prefix)
        {
            pool.Remove(prefix.Chain);
            track.Prefix = new SequencePrefix(prefix.Chain, tiers.Stores.Count);
        }

        track.StopRestoring();
        track.StartOver();
        track.Reuse = ReuseState.Done;
        track.Reused.Clear();
    }

    /// <summary>Puts computed blocks into the pool, and hands a few to the stores, as far as they have buffers.</summary>
    /// <returns>Whether there were any.</returns>
    public bool SaveBlocks()
    {
        if (_running.Find(track => track.Prefix is { IsReadyToPool: true }) is { } ready)
        {
            PoolBlocks(ready);
            return true;
        }

        int stored = 0;
        foreach ((SequencePrefix prefix, int store) in Unstored().ToList())
        {
            while (stored < StoredAtOnce && prefix.HasUnstored(store) && tiers.Stores[store].TryRent() is { } buffer)
            {
                Store(prefix, store, buffer);
                stored++;
            }
        }

        _ended.RemoveAll(prefix => !HasUnstored(prefix));
        return stored > 0;
    }

    /// <summary>Puts the computed blocks of a track into the pool.</summary>
    public void PoolBlocks(KvTrack track)
    {
        if (track.Prefix is not { } prefix || prefix.PooledCount >= prefix.BlockCount)
        {
            return;
        }

        KvBlock[] blocks = [.. prefix.Chain.Blocks.Take(prefix.BlockCount).Skip(prefix.PooledCount).Where(block => !pool.Holds(block))];
        NativeBuffer[] buffers = [.. blocks.Select(block => new NativeBuffer(checked((int)maxStateBytes(block.Count))))];
        prefix.Pooled();
        try
        {
            // One state holds at most 2 GiB. What is longer is computed again for each request.
            bool fits = cells.Context.GetStateSize(track.Id) <= Array.MaxLength;
            int[] lengths = fits && blocks.Length > 0
                ? cells.Context.SaveStates(track.Id, [.. blocks.Zip(buffers, (block, buffer) => new KvStateRun(block.Start, block.End, buffer.Memory))])
                : [];
            for (int i = 0; i < lengths.Length; i++)
            {
                pool.Add(blocks[i], buffers[i].Memory[..lengths[i]], buffers[i]);
            }

            Array.ForEach(buffers[lengths.Length..], Free);

            pool.Touch(prefix.Chain, prefix.PooledCount);
        }
        catch (Exception e) when (e is RedisInferException or ArgumentException)
        {
            // Some models keep their memory in another form than a KV cache. Their states cannot be saved; everything else works.
            Array.ForEach(buffers, Free);
            _isOff = true;
            LogNotSaved(e);
        }
    }

    private static void Free(IDisposable buffer) => buffer.Dispose();

    /// <summary>Advances the reuse of a track: loads what the pool has, after what only stores have has arrived there.</summary>
    /// <param name="track">The track.</param>
    /// <param name="mayWait">Whether to wait for an earlier request that is computing or restoring the same prefix.</param>
    /// <returns>Whether everything that can be reused has been reused.</returns>
    public bool Advance(KvTrack track, bool mayWait)
    {
        if (track is { Reuse: ReuseState.Sharing, Prefix: { } sharing })
        {
            Share(track, sharing, mayWait);
        }

        if (track is { Reuse: ReuseState.Restoring, Prefix: { } restoring })
        {
            Receive(track, restoring);
        }

        return track.Reuse == ReuseState.Done;
    }

    private void Share(KvTrack track, SequencePrefix prefix, bool mayWait)
    {
        foreach (KvTrack other in _running)
        {
            if (other != track && other.Prefix is { } computed
                && computed.Chain.CountCommon(prefix.Chain, computed.BlockCount) > Math.Max(computed.PooledCount, pool.CountHeld(prefix.Chain)))
            {
                PoolBlocks(other);
            }
        }

        int held = pool.CountHeld(prefix.Chain);
        if (mayWait && IsPromised(track, prefix, held))
        {
            return;
        }

        prefix.FoundInPool(held);
        if (tiers.Stores.Count > 0 && held < prefix.Chain.StoredCount)
        {
            track.Restore = new KvRestore(tiers, prefix.Chain, held, wake);
            track.Reuse = ReuseState.Restoring;
        }
        else
        {
            Load(track, prefix);
        }
    }

    /// <summary>Whether an earlier request is computing or restoring more of the same prefix than the pool has.</summary>
    private bool IsPromised(KvTrack track, SequencePrefix prefix, int available)
    {
        foreach (KvTrack earlier in _running)
        {
            if (earlier == track)
            {
                return false;
            }

            // A request that waits for its reader makes no progress: do not wait for it.
            if (earlier is { Prefix: { } other, WaitsForReader: false }
                && other.Chain.CountCommon(prefix.Chain, int.MaxValue) > Math.Max(available, other.BlockCount))
            {
                return true;
            }
        }

        return false;
    }

    private void Receive(KvTrack track, SequencePrefix prefix)
    {
        while (track.Restore!.TryTake(out (LoadedKvBlock Block, int Store) loaded))
        {
            int index = 0;
            while (prefix.Chain.Blocks[index].Key != loaded.Block.Block.Key)
            {
                index++;
            }

            prefix.FoundInStore(index, loaded.Store);
            track.Arrived.Add(loaded.Block);
            pool.Add(loaded.Block.Block, loaded.Block.State, loaded.Block);
        }

        if (track.Restore.Ended)
        {
            Load(track, prefix);
        }
    }

    /// <summary>Loads the blocks that the pool has, if they are more than the sequence has.</summary>
    private void Load(KvTrack track, SequencePrefix prefix)
    {
        track.Reuse = ReuseState.Done;
        var states = new List<ReadOnlyMemory<byte>>();
        long bytes = 0;
        foreach (KvBlock block in prefix.Chain.Blocks)
        {
            if (!pool.TryFind(block, out ReadOnlyMemory<byte> state) || (bytes += state.Length) > Array.MaxLength)
            {
                break;
            }

            states.Add(state);
        }

        if (states.Count > prefix.BlockCount)
        {
            TryLoad(track, prefix, states);
        }

        pool.Touch(prefix.Chain, states.Count);
        track.StopRestoring();
    }

    private void TryLoad(KvTrack track, SequencePrefix prefix, List<ReadOnlyMemory<byte>> states)
    {
        try
        {
            cells.Context.LoadStates(track.Id, states);
        }
        catch (Exception e) when (e is RedisInferException or ArgumentException)
        {
            // What the sequence held is lost: all of it is computed.
            LogNotRestored(e);
            cells.Context.RemoveSequence(track.Id);
            ComputeAgain(track, passages: null);
            return;
        }

        int end = prefix.Chain.Blocks[states.Count - 1].End;
        track.Advance(end);
        foreach (LoadedKvBlock arrived in track.Arrived.Where(arrived => arrived.Block.End <= end))
        {
            track.Reused.Add(arrived);
        }
    }

    private bool HasUnstored(SequencePrefix prefix) => Enumerable.Range(0, tiers.Stores.Count).Any(prefix.HasUnstored);

    /// <summary>The prompts that have blocks in the pool which are still to be stored, with the index of each store that lacks them.</summary>
    private IEnumerable<(SequencePrefix Prefix, int Store)> Unstored()
    {
        for (int store = 0; store < tiers.Stores.Count; store++)
        {
            foreach (SequencePrefix prefix in _running.Select(track => track.Prefix).OfType<SequencePrefix>().Concat(_ended))
            {
                if (prefix.HasUnstored(store))
                {
                    yield return (prefix, store);
                }
            }
        }
    }

    private void Store(SequencePrefix prefix, int store, KvBuffer buffer)
    {
        int index = prefix.TakeUnstored(store);
        if (!pool.TryFind(prefix.Chain.Blocks[index], out ReadOnlyMemory<byte> state) || state.Length > buffer.State.Length)
        {
            buffer.Dispose(); // it was evicted
            return;
        }

        state.Span.CopyTo(buffer.State);
        tiers.Stores[store].Save(prefix.Chain, index, buffer, state.Length);
    }

    [LoggerMessage(EventId = 510, Level = LogLevel.Warning, Message = "KV states of this model cannot be saved. Prompts are prefilled for every question.")]
    private partial void LogNotSaved(Exception error);

    [LoggerMessage(EventId = 511, Level = LogLevel.Warning, Message = "Saved KV blocks could not be restored. Their tokens are prefilled.")]
    private partial void LogNotRestored(Exception error);
}
