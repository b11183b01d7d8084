namespace RedisInfer.Grammars.Tokens;

/// <summary>
/// How many tokens of one vocabulary the shortest texts of a grammar need. So a text can be ended in time, and what the vocabulary cannot
/// spell is never begun. Immutable; may be used by several threads at once.
/// </summary>
internal sealed class GrammarCosts
{
    private readonly VocabularyBytes _vocabulary;
    private readonly long[]?[] _literals;
    private readonly long[] _rules;

    // For each alternative, the tokens from each symbol to its end.
    private readonly long[][] _suffixes;

    /// <summary>Computes the costs.</summary>
    /// <param name="grammar">The grammar.</param>
    /// <param name="vocabulary">The vocabulary.</param>
    public GrammarCosts(Grammar grammar, VocabularyBytes vocabulary)
    {
        Grammar = grammar;
        _vocabulary = vocabulary;
        _literals = new long[grammar.LiteralCount][];
        _rules = Leasts.Of(grammar, (alternative, least) => Sum(alternative, least)[0]);
        _suffixes = new long[grammar.AlternativeCount][];
        foreach (Alternative alternative in grammar.Rules.SelectMany(rule => rule.Alternatives))
        {
            _suffixes[alternative.Index] = Sum(alternative, _rules);
        }
    }

    /// <summary>The grammar.</summary>
    public Grammar Grammar { get; }

    /// <summary>The vocabulary.</summary>
    public VocabularyBytes Vocabulary => _vocabulary;

    /// <summary>Tokens of the shortest text; <see cref="Grammar.Never"/>: the vocabulary can spell none.</summary>
    public long Tokens => _rules[Grammar.Root.Index];

    /// <summary>Tokens from a place in an alternative to its end.</summary>
    /// <param name="alternative">The alternative.</param>
    /// <param name="index">The symbol that comes next; as many as there are: none.</param>
    /// <param name="progress">Of a literal, its bytes so far; of a repetition, its times so far.</param>
    public long TokensFrom(Alternative alternative, int index, int progress)
    {
        long[] suffix = _suffixes[alternative.Index];
        if (progress == 0)
        {
            return suffix[index];
        }

        long rest = suffix[index + 1];
        long here = alternative.Symbols[index] switch
        {
            Literal literal => LiteralCosts(literal)[progress],
            Repeat repeat when repeat.Min > progress => Times(repeat.Min - progress, _rules[repeat.Body.Index]),
            _ => 0,
        };
        return Math.Min(Grammar.Never, here + rest);
    }

    private static long Times(long count, long each) => each >= Grammar.Never / count ? Grammar.Never : count * each;

    private long[] Sum(Alternative alternative, long[] rules)
    {
        var suffix = new long[alternative.Symbols.Length + 1];
        for (int i = alternative.Symbols.Length - 1; i >= 0; i--)
        {
            long here = alternative.Symbols[i] switch
            {
                ByteSet set => _vocabulary.HasByteOf(set) ? 1 : Grammar.Never,
                Literal literal => LiteralCosts(literal)[0],
                Repeat { Min: 0 } => 0,
                Repeat repeat => Times(repeat.Min, rules[repeat.Body.Index]),
                Rule rule => rules[rule.Index],
                _ => Grammar.Never,
            };
            suffix[i] = Math.Min(Grammar.Never, here + suffix[i + 1]);
        }

        return suffix;
    }

    private long[] LiteralCosts(Literal literal) => _literals[literal.Index] ??= _vocabulary.CountTokens(literal.Bytes);
}
