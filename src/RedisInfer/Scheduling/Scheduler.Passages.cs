using System.Buffers;
using Microsoft.Extensions.Logging;
using RedisInfer.Context;
using RedisInfer.Errors;

namespace RedisInfer.Scheduling;

/// <content>
/// Passages that are computed without each other. One after the other is found, or computed, in a sequence of its own, where it stands behind
/// the prompt's beginning alone; a copy of it is moved and parked; and when the prompt has been read up to it, it is shared from there.
/// All are moved before anything more is decoded, since keys are turned in a pass over the whole cache. One request at a time does this.
/// </content>
internal sealed partial class Scheduler
{
    private Sequence? _gatherer;

    /// <summary>Carries on who needs such passages, as far as nothing must be computed before.</summary>
    private void AdvancePassages(Sequence sequence)
    {
        if (sequence.Passages is not { } gathering
            || sequence.Track.Reuse != ReuseState.Done
            || sequence.Track.CachedCount < gathering.Plan.HeadEnd
            || (_gatherer ?? sequence) != sequence)
        {
            return;
        }

        _gatherer = sequence;
        try
        {
            gathering.SkipUntil(sequence.Track.CachedCount);
            if (ParkAll(sequence, gathering))
            {
                PlaceNext(sequence, gathering);
            }
        }
        catch (Exception e) when (e is RedisInferException or NotSupportedException or ArgumentException)
        {
            LogNotPlaced(e);
            ComputeInPlace(sequence);
        }
    }

    /// <returns>Whether all passages are parked; otherwise something is being restored or is to be computed.</returns>
    private bool ParkAll(Sequence sequence, PassageGathering gathering)
    {
        while (gathering.NextToPark is { } part)
        {
            if ((gathering.Aside ??= BeginAside(sequence, part)) is not { } aside)
            {
                return false;
            }

            if (aside.Reuse != ReuseState.Done && !AdvanceReuse(sequence, aside))
            {
                return false;
            }

            int reused = (gathering.AsideReused ??= aside.CachedCount) - part.From;
            if (aside.CachedCount < part.AsideCount)
            {
                return false;
            }

            Park(aside, part);
            sequence.Reused.Tokens += Math.Max(0, reused - (part.PlaceStart - part.TextStart));
            gathering.Parked();
            Leave(aside);
        }

        _freeCells += sequence.AsideCells;
        sequence.AsideCells = 0;
        return true;
    }

    /// <summary>Begins a passage behind the prompt's beginning, or behind nothing.</summary>
    private KvTrack? BeginAside(Sequence sequence, PassagePart part)
    {
        if (!MakeId())
        {
            return null;
        }

        var aside = new KvTrack(_freeIds.Pop(), part.Chain);
        if (part.From > 0)
        {
            _context.CopySequence(sequence.Id, aside.Id, 0, part.From);
            aside.Advance(part.From);
            aside.Prefix!.NextToSave = aside.Prefix.BlockCount;
        }

        return aside;
    }

    /// <summary>Puts a moved copy of a passage, block by block, where its place in the prompt can share it.</summary>
    private void Park(KvTrack aside, PassagePart part)
    {
        foreach (KvBlock block in part.Chain.Blocks)
        {
            int start = Math.Max(block.Start, part.PlaceStart - part.Shift);
            if (start >= block.End)
            {
                continue;
            }

            // Cells that two sequences share cannot be moved: the copy has cells of its own.
            _context.CopySequence(aside.Id, ScratchId, start, block.End);
            byte[] state = ArrayPool<byte>.Shared.Rent(checked((int)_context.GetStateSize(ScratchId)));
            try
            {
                int length = _context.SaveState(ScratchId, state);
                _context.LoadState(ScratchId, state.AsSpan(0, length));
                _context.ShiftSequence(ScratchId, start, block.End, part.Shift);
                _context.CopySequence(ScratchId, ParkingId);
            }
            finally
            {
                _context.RemoveSequence(ScratchId);
                ArrayPool<byte>.Shared.Return(state);
            }
        }
    }

    /// <summary>Puts passages in their places, up to one that the prompt has not been read up to.</summary>
    private void PlaceNext(Sequence sequence, PassageGathering gathering)
    {
        while (gathering.NextToPlace is { } part)
        {
            int start = Math.Max(part.PlaceStart, sequence.Track.CachedCount);
            if (start > sequence.Track.CachedCount)
            {
                return;
            }

            _context.CopySequence(ParkingId, sequence.Id, start, part.End);
            sequence.Track.Advance(part.End);
            gathering.Placed();
        }

        sequence.Reused.IndependentTokens = gathering.Plan.Parts.Sum(part => part.End - part.PlaceStart);
        StopGathering(sequence);
    }

    /// <summary>Ends it, wherever it stands.</summary>
    private void StopGathering(Sequence sequence)
    {
        if (sequence.Passages?.Aside is { } aside)
        {
            aside.StopRestoring();
            Leave(aside);
        }

        sequence.Passages = null;
        if (_gatherer == sequence)
        {
            _gatherer = null;
            _context.RemoveSequence(ParkingId);
        }
    }

    /// <summary>Gives it up: what is not there is computed where it stands. Such a prompt is nobody's beginning.</summary>
    private void ComputeInPlace(Sequence sequence)
    {
        StopGathering(sequence);
        sequence.Track.StopRestoring();
        sequence.Track.Prefix = null;
        sequence.Track.Reuse = ReuseState.Done;
        _freeCells += sequence.AsideCells;
        sequence.AsideCells = 0;
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Passages that were computed without each other could not be used; the prompt is computed as it stands.")]
    private partial void LogNotPlaced(Exception error);
}
