using System.Text;

namespace RedisInfer.Grammars;

/// <summary>Collects rules, up to a limit.</summary>
internal sealed class GrammarBuilder
{
    /// <summary>Most symbols of a grammar.</summary>
    public const int MaxSymbols = 100_000;

    // A literal counts as a symbol for this many bytes.
    private const int LiteralUnit = 16;

    private readonly List<Rule> _rules = [];
    private readonly Dictionary<string, Literal> _literals = [];
    private int _alternativeCount;
    private int _symbolCount;

    /// <summary>Whether the limit is passed. Check it often: nothing is thrown here.</summary>
    public bool IsTooLarge => _symbolCount > MaxSymbols;

    /// <summary>Adds a rule without alternatives.</summary>
    /// <param name="isContainer">Whether it is an object or an array.</param>
    public Rule NewRule(bool isContainer = false)
    {
        var rule = new Rule(_rules.Count, isContainer);
        _rules.Add(rule);
        _symbolCount++;
        return rule;
    }

    /// <summary>Adds a rule with one alternative.</summary>
    /// <param name="symbols">Its symbols.</param>
    public Rule NewRule(params IEnumerable<Symbol> symbols)
    {
        Rule rule = NewRule();
        Add(rule, symbols);
        return rule;
    }

    /// <summary>Adds an alternative to a rule.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="symbols">The symbols of the alternative.</param>
    public void Add(Rule rule, params IEnumerable<Symbol> symbols)
    {
        Symbol[] all = [.. symbols];
        _symbolCount += 1 + all.Length;
        rule.Alternatives.Add(new Alternative(rule, all, _alternativeCount++));
    }

    /// <summary>A text as it is.</summary>
    /// <param name="text">The text; not empty.</param>
    public Literal Literal(string text)
    {
        if (!_literals.TryGetValue(text, out Literal? literal))
        {
            literal = new Literal(Encoding.UTF8.GetBytes(text), _literals.Count);
            _literals.Add(text, literal);
            _symbolCount += text.Length / LiteralUnit;
        }

        return literal;
    }

    /// <summary>Ends the grammar.</summary>
    /// <param name="root">What the whole text is.</param>
    public Grammar Build(Rule root) => new(root, _rules, _literals.Count, _alternativeCount);
}
