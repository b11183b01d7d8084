namespace RedisInfer.Grammars.Tokens;

/// <summary>
/// A place in an alternative, and the places to return to. Within one <see cref="MatchTable"/>, equal frames are the same object.
/// </summary>
internal sealed class Frame
{
    /// <summary>Where to continue after the alternative; <see langword="null"/>: at the end of the text.</summary>
    public required Frame? Parent { get; init; }

    /// <summary>The alternative.</summary>
    public required Alternative Alternative { get; init; }

    /// <summary>The symbol that comes next.</summary>
    public required int Index { get; init; }

    /// <summary>Of a literal, its bytes so far; of a repetition, its times so far.</summary>
    public required int Progress { get; init; }

    /// <summary>Tokens of the shortest text from here to the end.</summary>
    public required long Tokens { get; init; }

    /// <summary>Objects and arrays that are open.</summary>
    public required int Nesting { get; init; }

    /// <summary>The symbol that comes next.</summary>
    public Symbol Symbol => Alternative.Symbols[Index];
}
