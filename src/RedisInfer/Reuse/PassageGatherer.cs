using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>
/// Builds prompts of passages that are computed independently, each in the sequence of its request. The state of the prompt is kept outside
/// of the context meanwhile. For each passage:
/// <list type="number">
/// <item>Load it, or compute it after the system prefix only.</item>
/// <item>Shift it to its final position, and keep its state.</item>
/// <item>When prefill reaches that position, load the state after the prompt's.</item>
/// </list>
/// All passages are shifted before anything else is decoded, because shifting keys is a pass over the whole cache. Used by the decode
/// thread alone.
/// </summary>
internal sealed partial class PassageGatherer(KvCells cells, PrefixReuse reuse, Func<int, long> maxStateBytes, ILogger logger)
{
    private IInferenceContext Context => cells.Context;

    /// <summary>Advances a request's passages, until something must be decoded first.</summary>
    public void Advance(PassageGathering gathering)
    {
        if (gathering.IsDone || gathering.Track.Reuse != ReuseState.Done || gathering.Track.CachedCount < gathering.Plan.HeadEnd)
        {
            return;
        }

        try
        {
            gathering.SkipUntil(gathering.Track.CachedCount);
            if (TryParkAll(gathering))
            {
                PlaceNext(gathering);
            }
        }
        catch (Exception e) when (e is RedisInferException or ArgumentException or InvalidOperationException)
        {
            LogNotPlaced(e);
            Context.RemoveSequence(gathering.Track.Id);
            gathering.Track.StartOver();
            ComputeInPlace(gathering);
        }
    }

    /// <summary>
    /// Gives up: passages that are not placed yet are prefilled in order. Such a prompt is not shared as a prefix. What its sequence holds
    /// must be what its track says.
    /// </summary>
    public static void ComputeInPlace(PassageGathering gathering)
    {
        gathering.End();
        gathering.Track.StopRestoring();
        gathering.Track.Prefix = null;
        gathering.Track.Reuse = ReuseState.Done;
    }

    /// <returns>Whether all passages are parked; otherwise one is being restored or must be computed.</returns>
    private bool TryParkAll(PassageGathering gathering)
    {
        KvTrack track = gathering.Track;
        while (gathering.NextToPark is { } part)
        {
            KvTrack aside = gathering.Aside ??= BeginAside(gathering, part);
            if (aside.Reuse != ReuseState.Done && !reuse.Advance(aside, mayWait: false))
            {
                return false;
            }

            if (aside.CachedCount < part.From)
            {
                throw new InvalidOperationException("The system prefix before a passage was lost.");
            }

            int reused = (gathering.AsideReused ??= aside.CachedCount) - part.From;
            if (aside.CachedCount < part.AsideCount)
            {
                return false;
            }

            reuse.PoolBlocks(aside);
            reuse.Keep(aside.Prefix);
            track.Reused.Tokens += Math.Max(0, reused - (part.PlaceStart - part.TextStart));
            Park(gathering, aside, part);
        }

        if (gathering.Prompt is { } prompt)
        {
            LoadPrompt(gathering);
            ((IDisposable)prompt).Dispose();
            gathering.Prompt = null;
        }

        return true;
    }

    /// <summary>Starts a passage after the system prefix, or after nothing, in the place of the prompt.</summary>
    private KvTrack BeginAside(PassageGathering gathering, PassagePart part)
    {
        KvTrack track = gathering.Track;
        if (gathering.Prompt is not null)
        {
            LoadPrompt(gathering);
        }
        else
        {
            reuse.PoolBlocks(track);
            (gathering.Prompt, gathering.PromptBytes) = Save(track.Id, 0, track.CachedCount);
        }

        Context.RemoveSequence(track.Id, part.From);
        KvTrack aside = reuse.Begin(track.Id, part.Chain, track.Reused);
        aside.Advance(part.From);
        return aside;
    }

    private void LoadPrompt(PassageGathering gathering)
    {
        Context.RemoveSequence(gathering.Track.Id);
        if (gathering.PromptBytes > 0)
        {
            Context.LoadStates(gathering.Track.Id, [gathering.Prompt!.Memory[..gathering.PromptBytes]]);
        }
    }

    /// <summary>Shifts a passage, and keeps its state.</summary>
    private void Park(PassageGathering gathering, KvTrack aside, PassagePart part)
    {
        int start = part.PlaceStart - part.Shift;
        if (part.Shift != 0)
        {
            Context.RemoveSequence(aside.Id, 0, start);
            Context.ShiftSequence(aside.Id, start, part.AsideCount, part.Shift);
        }

        (NativeBuffer buffer, int length) = Save(aside.Id, part.PlaceStart, part.End);
        gathering.Park(part, buffer, length);
    }

    /// <summary>Loads parked passages after the prompt, up to the first that prefill has not reached.</summary>
    private void PlaceNext(PassageGathering gathering)
    {
        KvTrack track = gathering.Track;
        while (gathering.NextToPlace is { } part)
        {
            if (part.PlaceStart > track.CachedCount)
            {
                return;
            }

            Context.RemoveSequence(track.Id, part.PlaceStart);
            if (part.PlaceStart > 0)
            {
                (NativeBuffer prompt, int length) = Save(track.Id, 0, part.PlaceStart);
                using IDisposable owner = prompt;
                Context.LoadStates(track.Id, [prompt.Memory[..length], gathering.StateOf(part)]);
            }
            else
            {
                Context.LoadStates(track.Id, [gathering.StateOf(part)]);
            }

            track.Advance(part.End);
            gathering.Placed();
        }

        track.Reused.IndependentTokens = gathering.Plan.Parts.Sum(part => part.End - part.PlaceStart);
        gathering.End();
    }

    private (NativeBuffer Buffer, int Length) Save(int sequence, int start, int end)
    {
        if (start == end)
        {
            return (new NativeBuffer(0), 0);
        }

        var buffer = new NativeBuffer(checked((int)maxStateBytes(end - start)));
        try
        {
            return (buffer, Context.SaveStates(sequence, [new KvStateRun(start, end, buffer.Memory)])[0]);
        }
        catch
        {
            ((IDisposable)buffer).Dispose();
            throw;
        }
    }

    [LoggerMessage(EventId = 500, Level = LogLevel.Warning, Message = "Passages that were computed independently could not be used. The whole prompt is prefilled.")]
    private partial void LogNotPlaced(Exception error);
}
