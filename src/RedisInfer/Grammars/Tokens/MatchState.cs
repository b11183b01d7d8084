namespace RedisInfer.Grammars.Tokens;

/// <summary>What may follow a text. Within one <see cref="MatchTable"/>, equal states are the same object.</summary>
/// <param name="frames">The places where the text may be, each at a byte.</param>
/// <param name="isComplete">Whether the text may end here.</param>
internal sealed class MatchState(Frame[] frames, bool isComplete)
{
    private readonly Dictionary<byte, MatchState?> _next = [];

    /// <summary>The places where the text may be, each at a byte.</summary>
    public Frame[] Frames => frames;

    /// <summary>Whether the text may end here.</summary>
    public bool IsComplete => isComplete;

    /// <summary>Whether the text must end here.</summary>
    public bool IsFinal => frames.Length == 0;

    /// <summary>Tokens of the shortest text from here to the end.</summary>
    public long Tokens { get; } = isComplete ? 0 : frames.Length > 0 ? frames.Min(frame => frame.Tokens) : Grammar.Never;

    /// <summary>Whether a transition was computed before.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="next">The state after it; <see langword="null"/>: it may not follow.</param>
    public bool TryGetNext(byte value, out MatchState? next) => _next.TryGetValue(value, out next);

    /// <summary>Remembers a transition.</summary>
    /// <param name="value">The byte.</param>
    /// <param name="next">The state after it; <see langword="null"/>: it may not follow.</param>
    public void SetNext(byte value, MatchState? next) => _next[value] = next;
}
