using System.Buffers;
using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>
/// Builds prompts of passages that are computed independently. For each passage:
/// <list type="number">
/// <item>Load or compute it in a separate sequence, after the system prefix only.</item>
/// <item>Shift a copy to its final position, and hold it in the parking sequence.</item>
/// <item>When prefill reaches that position, share the cells into the request.</item>
/// </list>
/// All passages are shifted before anything else is decoded, because shifting keys is a pass over the whole cache. Only one request at a
/// time does this. Used by the decode thread alone.
/// </summary>
internal sealed partial class PassageGatherer(KvCells cells, PrefixReuse reuse, ILogger logger)
{
    private PassageGathering? _current;

    /// <summary>Advances a request's passages, until something must be decoded first.</summary>
    public void Advance(PassageGathering gathering)
    {
        if (gathering.IsDone
            || gathering.Track.Reuse != ReuseState.Done
            || gathering.Track.CachedCount < gathering.Plan.HeadEnd
            || (_current ?? gathering) != gathering)
        {
            return;
        }

        _current = gathering;
        try
        {
            gathering.SkipUntil(gathering.Track.CachedCount);
            if (TryParkAll(gathering))
            {
                PlaceNext(gathering);
            }
        }
        catch (Exception e) when (e is RedisInferException or ArgumentException)
        {
            LogNotPlaced(e);
            ComputeInPlace(gathering);
        }
    }

    /// <summary>Gives up: passages that are not placed yet are prefilled in order. Such a prompt is not shared as a prefix.</summary>
    public void ComputeInPlace(PassageGathering gathering)
    {
        End(gathering);
        gathering.Track.StopRestoring();
        gathering.Track.Prefix = null;
        gathering.Track.Reuse = ReuseState.Done;
    }

    /// <summary>Ends the gathering at any point and frees its cells.</summary>
    public void End(PassageGathering gathering)
    {
        ReleaseAside(gathering);
        if (gathering.Aside is { } aside)
        {
            aside.StopRestoring();
            cells.Leave(aside);
            gathering.Aside = null;
        }

        gathering.IsDone = true;
        if (_current == gathering)
        {
            _current = null;
            cells.Context.RemoveSequence(cells.ParkingId);
        }
    }

    /// <returns>Whether all passages are parked; otherwise one is being restored or must be computed.</returns>
    private bool TryParkAll(PassageGathering gathering)
    {
        while (gathering.NextToPark is { } part)
        {
            if ((gathering.Aside ??= BeginAside(gathering.Track, part)) is not { } aside)
            {
                return false;
            }

            if (aside.Reuse != ReuseState.Done && !reuse.Advance(aside, mayWait: false))
            {
                return false;
            }

            int reused = (gathering.AsideReused ??= aside.CachedCount) - part.From;
            if (aside.CachedCount < part.AsideCount)
            {
                return false;
            }

            Park(aside, part);
            gathering.Track.Reused.Tokens += Math.Max(0, reused - (part.PlaceStart - part.TextStart));
            gathering.Parked();
            cells.Leave(aside);
        }

        ReleaseAside(gathering);
        return true;
    }

    private void ReleaseAside(PassageGathering gathering)
    {
        cells.Release(gathering.AsideCells);
        gathering.AsideCells = 0;
    }

    /// <summary>Starts a passage after the system prefix, or after nothing.</summary>
    private KvTrack? BeginAside(KvTrack track, PassagePart part)
    {
        if (cells.TakeId() is not { } id)
        {
            return null;
        }

        var aside = new KvTrack(id, part.Chain, track.Reused);
        if (part.From > 0)
        {
            cells.Context.CopySequence(track.Id, aside.Id, 0, part.From);
            aside.Advance(part.From);
            aside.Prefix!.NextToSave = aside.Prefix.BlockCount;
        }

        return aside;
    }

    /// <summary>Puts a shifted copy of a passage, block by block, into the parking sequence.</summary>
    private void Park(KvTrack aside, PassagePart part)
    {
        foreach (KvBlock block in part.Chain.Blocks)
        {
            int start = Math.Max(block.Start, part.PlaceStart - part.Shift);
            if (start >= block.End)
            {
                continue;
            }

            // Cells that two sequences share cannot be shifted: the copy needs separate cells.
            cells.Context.CopySequence(aside.Id, cells.ScratchId, start, block.End);
            byte[] state = ArrayPool<byte>.Shared.Rent(checked((int)cells.Context.GetStateSize(cells.ScratchId)));
            try
            {
                int length = cells.Context.SaveState(cells.ScratchId, state);
                cells.Context.LoadState(cells.ScratchId, state.AsSpan(0, length));
                cells.Context.ShiftSequence(cells.ScratchId, start, block.End, part.Shift);
                cells.Context.CopySequence(cells.ScratchId, cells.ParkingId);
            }
            finally
            {
                cells.Context.RemoveSequence(cells.ScratchId);
                ArrayPool<byte>.Shared.Return(state);
            }
        }
    }

    /// <summary>Shares parked passages into the request, up to the first that prefill has not reached.</summary>
    private void PlaceNext(PassageGathering gathering)
    {
        KvTrack track = gathering.Track;
        while (gathering.NextToPlace is { } part)
        {
            int start = Math.Max(part.PlaceStart, track.CachedCount);
            if (start > track.CachedCount)
            {
                return;
            }

            cells.Context.CopySequence(cells.ParkingId, track.Id, start, part.End);
            track.Advance(part.End);
            gathering.Placed();
        }

        track.Reused.IndependentTokens = gathering.Plan.Parts.Sum(part => part.End - part.PlaceStart);
        End(gathering);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Passages that were computed independently could not be used. The whole prompt is prefilled.")]
    private partial void LogNotPlaced(Exception error);
}
