namespace RedisInfer.Scheduling;

/// <summary>
/// How far the passages of one prompt have come: one after the other is brought or computed aside and parked, moved to where it will
/// stand; then the prompt is read up to each, and it is put in its place.
/// </summary>
internal sealed class PassageGathering(PassagePlan plan)
{
    private int _parked;
    private int _placed;

    public PassagePlan Plan { get; } = plan;

    /// <summary>The passage that is being computed or restored; null between two.</summary>
    public KvTrack? Aside { get; set; }

    /// <summary>Tokens of it that were there already; null while it is not known.</summary>
    public int? AsideReused { get; set; }

    /// <summary>The next passage to bring; null where all are parked.</summary>
    public PassagePart? NextToPark => _parked < Plan.Parts.Count ? Plan.Parts[_parked] : null;

    /// <summary>The next passage to put in its place; null where all are.</summary>
    public PassagePart? NextToPlace => _placed < Plan.Parts.Count ? Plan.Parts[_placed] : null;

    public void Parked()
    {
        Aside = null;
        AsideReused = null;
        _parked++;
    }

    public void Placed() => _placed++;

    /// <summary>Passes over passages that are in the KV cache in their place.</summary>
    public void SkipUntil(int cachedCount)
    {
        while (_placed < Plan.Parts.Count && Plan.Parts[_placed].End <= cachedCount)
        {
            _placed++;
        }

        _parked = Math.Max(_parked, _placed);
    }
}
