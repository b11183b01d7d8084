using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>
/// Reuses KV states of prompts that share a prefix, from three sources:
/// <list type="bullet">
/// <item>Running requests: two with the same prefix compute it once.</item>
/// <item>Retained prefixes of ended requests.</item>
/// <item>The block store.</item>
/// </list>
/// A reused state equals the computed one, bit for bit. Used by the decode thread alone.
/// </summary>
/// <param name="cells">The context.</param>
/// <param name="store">The block store; <see langword="null"/>: none.</param>
/// <param name="wake">Called, from any thread, when a stored block has arrived.</param>
/// <param name="logger">Gets a warning if states cannot be saved or restored.</param>
internal sealed partial class PrefixReuse(KvCells cells, IKvBlockStore? store, Action wake, ILogger logger)
{
    // Saving a block takes a millisecond or two. Running answers and new requests should not notice.
    private const int SavesAtOnce = 2;

    // If all buffers are in use, one becomes free when Redis has received its block.
    private static readonly TimeSpan BufferPoll = TimeSpan.FromMilliseconds(5);

    // The tracks of running requests, in the order of their admission.
    private readonly List<KvTrack> _running = [];
    private IKvBlockStore? _store = store;

    /// <summary>
    /// Time until computed blocks that are still to be stored can be handed to the store; <see langword="null"/> if there are none.
    /// </summary>
    public TimeSpan? NextSave => FindUnsaved() is null ? null : _store!.Pause > BufferPoll ? _store.Pause : BufferPoll;

    /// <summary>Whether there are computed blocks that are still to be stored, and the store takes blocks.</summary>
    public bool CanSaveBlocks => FindUnsaved() is not null && _store!.Pause == TimeSpan.Zero;

    /// <summary>Adds the track of a request that starts to run.</summary>
    public void Add(KvTrack track) => _running.Add(track);

    /// <summary>Removes the track of a request that ends.</summary>
    public void Remove(KvTrack track) => _running.Remove(track);

    /// <summary>Hands a few computed blocks to the store, as far as it has buffers.</summary>
    /// <returns>Whether there were any.</returns>
    public bool SaveBlocks()
    {
        int saved = 0;
        while (saved < SavesAtOnce && FindUnsaved() is { } prefix && _store!.TryRent() is { } buffer)
        {
            Save(prefix, buffer);
            saved++;
        }

        return saved > 0;
    }

    /// <summary>Advances the reuse of a track: shares what the context has, then restores what the store has.</summary>
    /// <param name="track">The track.</param>
    /// <param name="mayWait">Whether to wait for an earlier request that is computing or restoring the same prefix.</param>
    /// <returns>Whether everything that can be reused has been reused.</returns>
    public bool Advance(KvTrack track, bool mayWait)
    {
        if (track is { Reuse: ReuseState.Sharing, Prefix: { } prefix })
        {
            Share(track, prefix, mayWait);
        }

        if (track.Reuse == ReuseState.Restoring)
        {
            Restore(track, track.Restore!);
        }

        return track.Reuse == ReuseState.Done;
    }

    private void Share(KvTrack track, SequencePrefix prefix, bool mayWait)
    {
        (SequencePrefix? source, int blocks) = FindSource(prefix);
        if (mayWait && IsPromised(track, prefix, blocks))
        {
            return;
        }

        if (source is not null)
        {
            int end = prefix.Chain.Blocks[blocks - 1].End;
            cells.Context.CopySequence(source.Id, track.Id, track.CachedCount, end);
            track.Advance(end);
            prefix.NextToSave = prefix.BlockCount;
            cells.Touch(source);
        }

        bool restore = _store is not null && prefix.BlockCount < prefix.Chain.StoredCount;
        track.Reuse = restore ? ReuseState.Restoring : ReuseState.Done;
        track.Restore = restore ? new KvRestore(_store!, prefix.Chain, prefix.BlockCount, wake) : null;
    }

    /// <summary>Whether an earlier request is computing or restoring more of the same prefix than any sequence holds.</summary>
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

    /// <summary>Finds the sequence that holds most blocks of a prefix, if it holds more than the prefix has already.</summary>
    private (SequencePrefix? Source, int Blocks) FindSource(SequencePrefix prefix)
    {
        (SequencePrefix? Source, int Blocks) best = (null, prefix.BlockCount);
        foreach (KvTrack other in _running)
        {
            if (other.Prefix is { } candidate && candidate != prefix)
            {
                Consider(candidate);
            }
        }

        foreach (SequencePrefix candidate in cells.Retained)
        {
            Consider(candidate);
        }

        return best;

        void Consider(SequencePrefix candidate)
        {
            int blocks = candidate.Chain.CountCommon(prefix.Chain, candidate.BlockCount);
            if (blocks > best.Blocks)
            {
                best = (candidate, blocks);
            }
        }
    }

    private void Restore(KvTrack track, KvRestore restore)
    {
        bool good = true;
        while (good && restore.TryTake(out LoadedKvBlock? loaded))
        {
            using (loaded)
            {
                good = TryRestore(track, loaded);
            }
        }

        if (!good || restore.Ended)
        {
            track.StopRestoring();
            track.Reuse = ReuseState.Done;
        }
    }

    private bool TryRestore(KvTrack track, LoadedKvBlock loaded)
    {
        try
        {
            cells.Context.LoadState(cells.ScratchId, loaded.State);
            cells.Context.CopySequence(cells.ScratchId, track.Id, loaded.Block.Start, loaded.Block.End);
        }
        catch (Exception e) when (e is RedisInferException or ArgumentException)
        {
            LogNotRestored(e);
            return false;
        }
        finally
        {
            cells.Context.RemoveSequence(cells.ScratchId);
        }

        track.Advance(loaded.Block.End);
        track.Prefix!.NextToSave = track.Prefix.BlockCount;
        track.Reused.Add(loaded);
        return true;
    }

    private SequencePrefix? FindUnsaved()
    {
        if (_store is null)
        {
            return null;
        }

        foreach (KvTrack track in _running)
        {
            if (track.Prefix is { HasUnsaved: true } prefix)
            {
                return prefix;
            }
        }

        foreach (SequencePrefix prefix in cells.Retained)
        {
            if (prefix.HasUnsaved)
            {
                return prefix;
            }
        }

        return null;
    }

    private void Save(SequencePrefix prefix, KvBuffer buffer)
    {
        int index = prefix.NextToSave++;
        KvBlock block = prefix.Chain.Blocks[index];
        try
        {
            cells.Context.CopySequence(prefix.Id, cells.ScratchId, block.Start, block.End);
            int length = cells.Context.SaveState(cells.ScratchId, buffer.State);
            _store!.Save(prefix.Chain, index, buffer, length);
        }
        catch (Exception e) when (e is RedisInferException or ArgumentException)
        {
            // Some models keep their memory in another form than a KV cache. Their states cannot be stored; everything else works.
            buffer.Dispose();
            _store = null;
            LogNotSaved(e);
        }
        finally
        {
            cells.Context.RemoveSequence(cells.ScratchId);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "KV states of this model cannot be stored. Prompts are prefilled for every question.")]
    private partial void LogNotSaved(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stored KV block could not be restored. Its tokens are prefilled.")]
    private partial void LogNotRestored(Exception error);
}
