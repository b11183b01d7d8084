namespace RedisInfer.Grammars;

/// <summary>Symbols in a row; none: the empty text.</summary>
/// <param name="rule">The rule that it is an alternative of.</param>
/// <param name="symbols">The symbols.</param>
/// <param name="index">Its number among the alternatives of the grammar.</param>
internal sealed class Alternative(Rule rule, Symbol[] symbols, int index)
{
    /// <summary>The rule that it is an alternative of.</summary>
    public Rule Rule => rule;

    /// <summary>The symbols.</summary>
    public Symbol[] Symbols => symbols;

    /// <summary>Its number among the alternatives of the grammar.</summary>
    public int Index => index;
}
