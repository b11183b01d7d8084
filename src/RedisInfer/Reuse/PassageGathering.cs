using RedisInfer.KvBlocks;

namespace RedisInfer.Reuse;

/// <summary>
/// The progress of one prompt's independent passages. First each passage is loaded or computed apart, shifted and parked. Then prefill
/// advances to the position of each passage, and the passage is placed there.
/// </summary>
internal sealed class PassageGathering(PassagePlan plan, KvTrack track)
{
    private readonly Dictionary<PassagePart, (NativeBuffer Buffer, int Length)> _shifted = [];
    private int _parked;
    private int _placed;

    public PassagePlan Plan { get; } = plan;

    /// <summary>The track of the request's prompt.</summary>
    public KvTrack Track { get; } = track;

    /// <summary>
    /// The passage that is being computed or restored, in the sequence of the request; <see langword="null"/> between two.
    /// </summary>
    public KvTrack? Aside { get; set; }

    /// <summary>Tokens of <see cref="Aside"/> that were reused; <see langword="null"/> until it is known.</summary>
    public int? AsideReused { get; set; }

    /// <summary>The state of the prompt while its sequence is used for passages; <see langword="null"/> if it is in its sequence.</summary>
    public NativeBuffer? Prompt { get; set; }

    /// <summary>Bytes of <see cref="Prompt"/>.</summary>
    public int PromptBytes { get; set; }

    /// <summary>Whether all passages are placed, or were given up.</summary>
    public bool IsDone { get; private set; }

    /// <summary>The next passage to load or compute; <see langword="null"/> if all are parked.</summary>
    public PassagePart? NextToPark => _parked < Plan.Parts.Count ? Plan.Parts[_parked] : null;

    /// <summary>The next passage to place; <see langword="null"/> if all are placed.</summary>
    public PassagePart? NextToPlace => _placed < Plan.Parts.Count ? Plan.Parts[_placed] : null;

    /// <summary>Keeps the state of a passage at its final position.</summary>
    public void Park(PassagePart part, NativeBuffer buffer, int length)
    {
        _shifted.Add(part, (buffer, length));
        Aside = null;
        AsideReused = null;
        _parked++;
    }

    /// <summary>The state of a parked passage.</summary>
    public ReadOnlyMemory<byte> StateOf(PassagePart part) => _shifted[part].Buffer.Memory[.._shifted[part].Length];

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

    /// <summary>Ends it at any point, and frees the states that it keeps.</summary>
    public void End()
    {
        IsDone = true;
        Aside?.StopRestoring();
        Aside = null;
        foreach (IDisposable buffer in _shifted.Values.Select(parked => parked.Buffer).Append(Prompt).OfType<IDisposable>())
        {
            buffer.Dispose();
        }

        _shifted.Clear();
        Prompt = null;
    }
}
