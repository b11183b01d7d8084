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
    // A block takes a millisecond or two: those who are being answered should not notice.
    private const int SavesBetweenSteps = 2;

    private readonly PrefixCache _retained = new();
    private KvBlockStore? _store;

    /// <summary>Whether there are blocks left to store.</summary>
    public bool HasUnsavedBlocks => FindUnsaved() is not null;

    // States are loaded and saved by way of a sequence that nobody runs in.
    private int ScratchId => _context.MaxSequences - 1;

    /// <summary>Hands computed blocks to the store: a few between steps, all there is room for when nobody waits.</summary>
    public void SaveBlocks()
    {
        for (int most = HasWork ? SavesBetweenSteps : int.MaxValue;
            most > 0 && FindUnsaved() is { } prefix && _store!.TryRent() is { } buffer;
            most--)
        {
            Save(prefix, buffer);
        }
    }

    private SequencePrefix? FindUnsaved() => _store is null
        ? null
        : _running.Find(sequence => sequence.Prefix is { HasUnsaved: true })?.Prefix ?? _retained.FindUnsaved();

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
            if (sequence is { Reuse: ReuseState.Sharing, Prefix: { } prefix })
            {
                Share(sequence, prefix);
            }

            if (sequence.Reuse == ReuseState.Restoring)
            {
                Restore(sequence, sequence.Prefix!, sequence.Restore!);
            }

            if (sequence is { Reuse: ReuseState.Done, ReusedTimestamp: 0 })
            {
                sequence.ReusedTimestamp = _time.GetTimestamp();
                sequence.ReusedTokens = sequence.CachedCount;
            }
        }
    }

    /// <summary>Takes what is in the context, unless more of it is being made, and then asks the store for the rest.</summary>
    private void Share(Sequence sequence, SequencePrefix prefix)
    {
        (SequencePrefix? source, int blocks) = FindSource(sequence, prefix);
        if (IsPromised(sequence, prefix, blocks))
        {
            return;
        }

        if (source is not null)
        {
            int end = prefix.Chain.Blocks[blocks - 1].End;
            _context.CopySequence(source.Id, sequence.Id, 0, end);
            sequence.CachedCount = end;
            prefix.Advance(end);
            prefix.NextToSave = prefix.BlockCount;
            _retained.Use(source);
        }

        bool restore = _store is not null && prefix.BlockCount < prefix.Chain.Blocks.Count;
        sequence.Reuse = restore ? ReuseState.Restoring : ReuseState.Done;
        sequence.Restore = restore ? new KvRestore(_store!, prefix.Chain, prefix.BlockCount, _wake) : null;
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
            if (earlier is { Prefix: { } other, Stream.HasRoom: true }
                && other.Chain.CountCommon(prefix.Chain, int.MaxValue) > Math.Max(there, other.BlockCount))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Who has most of a prompt's beginning in the KV cache.</summary>
    private (SequencePrefix? Source, int Blocks) FindSource(Sequence sequence, SequencePrefix prefix)
    {
        (SequencePrefix? Source, int Blocks) best = (null, 0);
        foreach (Sequence other in _running)
        {
            if (other != sequence && other.Prefix is { } candidate)
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

    private void Restore(Sequence sequence, SequencePrefix prefix, KvRestore restore)
    {
        bool good = true;
        while (good && restore.TryTake(out LoadedKvBlock? loaded))
        {
            using (loaded)
            {
                good = Restore(sequence, prefix, loaded);
            }
        }

        if (!good || restore.Ended)
        {
            restore.Dispose();
            sequence.Restore = null;
            sequence.Reuse = ReuseState.Done;
        }
    }

    private bool Restore(Sequence sequence, SequencePrefix prefix, LoadedKvBlock loaded)
    {
        try
        {
            _context.LoadState(ScratchId, loaded.State);
            _context.CopySequence(ScratchId, sequence.Id, loaded.Block.Start, loaded.Block.End);
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

        sequence.CachedCount = loaded.Block.End;
        prefix.Advance(loaded.Block.End);
        prefix.NextToSave = prefix.BlockCount;
        sequence.RestoredTokens += loaded.Block.Count;
        sequence.RestoredBytes += loaded.RecordBytes;
        sequence.RestoreStrategy = loaded.Strategy;
        sequence.RestoreReason ??= loaded.Reason;
        return true;
    }

    /// <summary>Keeps the blocks of a request that ends, unless they are kept already.</summary>
    /// <returns>Whether its sequence id stays in use.</returns>
    private bool Retain(Sequence sequence)
    {
        if (sequence.Prefix is not { BlockCount: > 0 } prefix || _options.RetainedPrefixes == 0 || _retained.Covers(prefix))
        {
            return false;
        }

        while (_retained.FindBeginningOf(prefix) is { } shorter)
        {
            prefix.NextToSave = Math.Max(prefix.NextToSave, shorter.NextToSave);
            Drop(shorter);
        }

        _context.RemoveSequence(sequence.Id, prefix.Cells);
        _retained.Add(prefix);
        _freeCells -= prefix.Cells;
        return true;
    }

    /// <summary>Makes room by dropping what was used longest ago.</summary>
    private bool MakeRoom(int cells)
    {
        while ((_freeIds.Count == 0 || _freeCells < cells) && _retained.Entries.Count > 0)
        {
            Drop(_retained.Entries[0]);
        }

        return _freeIds.Count > 0 && _freeCells >= cells;
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
            sequence.CachedCount = 0;
            if (sequence.Prefix is { } prefix)
            {
                prefix.BlockCount = 0;
            }

            if (sequence.Reuse == ReuseState.Restoring)
            {
                sequence.Restore!.Dispose();
                sequence.Restore = null;
                sequence.Reuse = ReuseState.Sharing;
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Attention states of this model cannot be stored; they are computed for every question.")]
    private partial void LogNotSaved(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A stored attention state could not be restored; its tokens are computed.")]
    private partial void LogNotRestored(Exception error);
}
