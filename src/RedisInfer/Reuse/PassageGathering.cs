namespace RedisInfer.Reuse;

/// <summary>
/// The progress of one prompt's independent passages. First each passage is loaded or computed apart, shifted and parked. Then prefill
/// advances to the position of each passage, and the passage is placed there.
/// </summary>
internal sealed class PassageGathering(PassagePlan plan, KvTrack track)
{
    private int _parked;
    private int _placed;

    public PassagePlan Plan { get; } = plan;

    /// <summary>The track of the request's prompt.</summary>
    public KvTrack Track { get; } = track;

    /// <summary>KV cells that are reserved for a passage computed apart; 0 once all are parked.</summary>
    public int AsideCells { get; set; } = plan.AsideCells;

    /// <summary>The passage that is being computed or restored; <see langword="null"/> between two.</summary>
    public KvTrack? Aside { get; set; }

    /// <summary>Tokens of <see cref="Aside"/> that were reused; <see langword="null"/> until it is known.</summary>
    public int? AsideReused { get; set; }

    /// <summary>Whether all passages are placed, or were given up.</summary>
    public bool IsDone { get; set; }

    /// <summary>The next passage to load or compute; <see langword="null"/> if all are parked.</summary>
    public PassagePart? NextToPark => _parked < Plan.Parts.Count ? Plan.Parts[_parked] : null;

    /// <summary>The next passage to place; <see langword="null"/> if all are placed.</summary>
    public PassagePart? NextToPlace => _placed < Plan.Parts.Count ? Plan.Parts[_placed] : null;

    public void Parked()
    {
        Aside = null;
        AsideReused = null;
        _parked++;
    }

    public void Placed() => _placed++;

    /// <summary>Skips passages that are in the KV cache at their positions already.</summary>
    public void SkipUntil(int cachedCount)
    {
        while (_placed < Plan.Parts.Count && Plan.Parts[_placed].End <= cachedCount)
        {
            _placed++;
        }

        _parked = Math.Max(_parked, _placed);
    }
}
