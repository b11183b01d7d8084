using Microsoft.Extensions.Logging;
using RedisInfer.Context;
using RedisInfer.Errors;

namespace RedisInfer.Scheduling;

/// <content>
/// Reuse of attention states that are there already: of requests that run (two with the same beginning compute it once), of requests that
/// have ended, and of those that some process stored. What is reused equals what would be computed, bit for bit.
/// </content>
internal sealed partial class Scheduler
{
    // A block takes a millisecond or two: those who are being answered, and who comes meanwhile, should not notice.
    private const int SavesAtOnce = 2;

    /// <summary>Sequences of the context beside those of requests and of prefixes that are kept: two for states on their way, one for a passage that is computed aside.</summary>
    internal const int OwnSequences = 3;

    private readonly PrefixCache _retained = new();
    private KvBlockStore? _store;

    /// <summary>Whether there are blocks left to store.</summary>
    public bool HasUnsavedBlocks => FindUnsaved() is not null;

    // States are loaded and saved by way of a sequence that nobody runs in.
    private int ScratchId => _context.MaxSequences - 1;

    // Passages that are moved to where they will stand wait in another.
    private int ParkingId => _context.MaxSequences - 2;

    /// <summary>Hands a few computed blocks to the store, as far as it has room.</summary>
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

    private SequencePrefix? FindUnsaved() => _store is null
        ? null
        : _running.Find(sequence => sequence.Track.Prefix is { HasUnsaved: true })?.Track.Prefix ?? _retained.FindUnsaved();

    private void Save(SequencePrefix prefix, KvBuffer buffer)
    {
        int index = prefix.NextToSave++;
        KvBlock block = prefix.Chain.Blocks[index];
        try
        {
            _context.CopySequence(prefix.Id, ScratchId, block.Start, block.End);
            int length = _context.SaveState(ScratchId, buffer.State);
            _store!.Save(prefix.Chain, index, buffer, length);
        }
        catch (Exception e) when (e is RedisInferException or NotSupportedException or ArgumentException)
        {
            // Some models' memory is no attention cache: their states cannot be stored, and all else goes on.
            buffer.Dispose();
            _store = null;
            LogNotSaved(e);
        }
        finally
        {
            _context.RemoveSequence(ScratchId);
        }
    }

    /// <summary>Carries on whoever looks for states to reuse, until all there is was found.</summary>
    private void AdvanceReuse()
    {
        foreach (Sequence sequence in _running)
        {
            if (sequence.Track.Reuse != ReuseState.Done && AdvanceReuse(sequence, sequence.Track))
            {
                sequence.Reused.Tokens = sequence.Track.CachedCount;
            }

            AdvancePassages(sequence);
            if (sequence.ReusedTimestamp == 0 && sequence.Pending.Length > 0)
            {
                sequence.ReusedTimestamp = _time.GetTimestamp();
            }
        }
    }

    /// <summary>Carries a track on.</summary>
    /// <returns>Whether all there is was found.</returns>
    private bool AdvanceReuse(Sequence sequence, KvTrack track)
    {
        if (track is { Reuse: ReuseState.Sharing, Prefix: { } prefix })
        {
            Share(sequence, track, prefix);
        }

        if (track.Reuse == ReuseState.Restoring)
        {
            Restore(sequence, track, track.Restore!);
        }

        return track.Reuse == ReuseState.Done;
    }

    /// <summary>Takes what is in the context, unless more of it is being made, and then asks the store for the rest.</summary>
    private void Share(Sequence sequence, KvTrack track, SequencePrefix prefix)
    {
        (SequencePrefix? source, int blocks) = FindSource(prefix);
        if (track == sequence.Track && IsPromised(sequence, prefix, blocks))
        {
            return;
        }

        if (source is not null)
        {
            int end = prefix.Chain.Blocks[blocks - 1].End;
            _context.CopySequence(source.Id, track.Id, track.CachedCount, end);
            track.Advance(end);
            prefix.NextToSave = prefix.BlockCount;
            _retained.Use(source);
        }

        bool restore = _store is not null && prefix.BlockCount < prefix.Chain.StoredCount;
        track.Reuse = restore ? ReuseState.Restoring : ReuseState.Done;
        track.Restore = restore ? new KvRestore(_store!, prefix.Chain, prefix.BlockCount, _wake) : null;
    }

    /// <summary>Whether somebody who came before is computing or restoring more of the same beginning than anyone has.</summary>
    private bool IsPromised(Sequence sequence, SequencePrefix prefix, int there)
    {
        foreach (Sequence earlier in _running)
        {
            if (earlier == sequence)
            {
                return false;
            }

            // Nobody waits for one that waits for its reader.
            if (earlier is { Track.Prefix: { } other, Stream.HasRoom: true }
                && other.Chain.CountCommon(prefix.Chain, int.MaxValue) > Math.Max(there, other.BlockCount))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Who has more of a beginning in the KV cache than is there already: most of all.</summary>
    private (SequencePrefix? Source, int Blocks) FindSource(SequencePrefix prefix)
    {
        (SequencePrefix? Source, int Blocks) best = (null, prefix.BlockCount);
        foreach (Sequence other in _running)
        {
            if (other.Track.Prefix is { } candidate && candidate != prefix)
            {
                Consider(candidate);
            }
        }

        foreach (SequencePrefix candidate in _retained.Entries)
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

    private void Restore(Sequence sequence, KvTrack track, KvRestore restore)
    {
        bool good = true;
        while (good && restore.TryTake(out LoadedKvBlock? loaded))
        {
            using (loaded)
            {
                good = Restore(sequence, track, loaded);
            }
        }

        if (!good || restore.Ended)
        {
            track.StopRestoring();
            track.Reuse = ReuseState.Done;
        }
    }

    private bool Restore(Sequence sequence, KvTrack track, LoadedKvBlock loaded)
    {
        try
        {
            _context.LoadState(ScratchId, loaded.State);
            _context.CopySequence(ScratchId, track.Id, loaded.Block.Start, loaded.Block.End);
        }
        catch (Exception e) when (e is RedisInferException or NotSupportedException or ArgumentException)
        {
            LogNotRestored(e);
            return false;
        }
        finally
        {
            _context.RemoveSequence(ScratchId);
        }

        track.Advance(loaded.Block.End);
        track.Prefix!.NextToSave = track.Prefix.BlockCount;
        sequence.Reused.Add(loaded);
        return true;
    }

    /// <summary>Leaves a track whose cells are nobody's any more: its blocks are kept where they can be, its sequence id is free where not.</summary>
    private void Leave(KvTrack track)
    {
        if (!Retain(track))
        {
            _context.RemoveSequence(track.Id);
            _freeIds.Push(track.Id);
        }
    }

    /// <summary>Keeps the blocks of a track that ends, unless they are kept already or there are no cells for them.</summary>
    /// <returns>Whether its sequence id stays in use.</returns>
    private bool Retain(KvTrack track)
    {
        if (track.Prefix is not { BlockCount: > 0 } prefix || _options.RetainedPrefixes == 0 || _retained.Covers(prefix))
        {
            return false;
        }

        while (_retained.FindBeginningOf(prefix) is { } shorter)
        {
            prefix.NextToSave = Math.Max(prefix.NextToSave, shorter.NextToSave);
            Drop(shorter);
        }

        if (!MakeCells(prefix.Cells))
        {
            return false;
        }

        _context.RemoveSequence(track.Id, prefix.Cells);
        _retained.Add(prefix);
        _freeCells -= prefix.Cells;
        return true;
    }

    /// <summary>Makes room by dropping what was used longest ago.</summary>
    private bool MakeRoom(int cells) => MakeId() && MakeCells(cells);

    private bool MakeId()
    {
        if (_freeIds.Count == 0 && _retained.Entries.Count > 0)
        {
            Drop(_retained.Entries[0]);
        }

        return _freeIds.Count > 0;
    }

    private bool MakeCells(int cells)
    {
        while (_freeCells < cells && _retained.Entries.Count > 0)
        {
            Drop(_retained.Entries[0]);
        }

        return _freeCells >= cells;
    }

    private void Drop(SequencePrefix prefix)
    {
        _retained.Remove(prefix);
        _context.RemoveSequence(prefix.Id);
        _freeIds.Push(prefix.Id);
        _freeCells += prefix.Cells;
    }

    /// <summary>A new context holds nothing.</summary>
    private void ForgetPrefixes()
    {
        foreach (SequencePrefix prefix in _retained.Entries.ToArray())
        {
            _retained.Remove(prefix);
            _freeIds.Push(prefix.Id);
            _freeCells += prefix.Cells;
        }

        foreach (Sequence sequence in _running)
        {
            if (sequence.Request.Passages is not null)
            {
                // An answer may have begun, and cells be given back: what was gathered is read as it stands.
                sequence.Passages?.Aside?.StartOver();
                ComputeInPlace(sequence);
            }

            sequence.Track.StartOver();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Attention states of this model cannot be stored; they are computed for every question.")]
    private partial void LogNotSaved(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stored attention state could not be restored; its tokens are computed.")]
    private partial void LogNotRestored(Exception error);
}
