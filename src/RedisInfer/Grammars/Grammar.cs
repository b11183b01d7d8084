namespace RedisInfer.Grammars;

/// <summary>What a text may be, byte by byte. Immutable once it is built.</summary>
internal sealed class Grammar
{
    /// <summary>Most objects and arrays within each other. Readers of JSON refuse more than 64.</summary>
    public const int MaxNesting = 60;

    /// <summary>The least of something that is not possible.</summary>
    public const long Never = long.MaxValue / 4;

    private readonly long[] _nesting;

    /// <summary>Creates a grammar.</summary>
    /// <param name="root">What the whole text is.</param>
    /// <param name="rules">All rules, by their index.</param>
    /// <param name="literalCount">Number of literals.</param>
    /// <param name="alternativeCount">Number of alternatives.</param>
    public Grammar(Rule root, IReadOnlyList<Rule> rules, int literalCount, int alternativeCount)
    {
        Root = root;
        Rules = rules;
        LiteralCount = literalCount;
        AlternativeCount = alternativeCount;
        long[] ofRules = Leasts.Of(this, NestingOf);
        Nesting = ofRules[root.Index];
        _nesting = new long[alternativeCount];
        foreach (Alternative alternative in rules.SelectMany(rule => rule.Alternatives))
        {
            _nesting[alternative.Index] = NestingOf(alternative, ofRules);
        }
    }

    /// <summary>What the whole text is.</summary>
    public Rule Root { get; }

    /// <summary>All rules, by their index.</summary>
    public IReadOnlyList<Rule> Rules { get; }

    /// <summary>Number of literals.</summary>
    public int LiteralCount { get; }

    /// <summary>Number of alternatives.</summary>
    public int AlternativeCount { get; }

    /// <summary>
    /// How many objects and arrays are within each other in the flattest text; <see cref="Never"/>: no text can end.
    /// </summary>
    public long Nesting { get; }

    /// <summary>The same for the flattest text of an alternative.</summary>
    /// <param name="alternative">The alternative.</param>
    public long NestingOf(Alternative alternative) => _nesting[alternative.Index];

    private static long NestingOf(Alternative alternative, long[] leastOfRules)
    {
        long deepest = 0;
        foreach (Symbol symbol in alternative.Symbols)
        {
            Rule? inner = symbol as Rule ?? (symbol is Repeat { Min: > 0 } repeat ? repeat.Body : null);
            deepest = Math.Max(deepest, inner is null ? 0 : leastOfRules[inner.Index]);
        }

        return Math.Min(Never, deepest + (alternative.Rule.IsContainer ? 1 : 0));
    }
}
