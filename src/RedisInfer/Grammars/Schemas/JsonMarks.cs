namespace RedisInfer.Grammars.Schemas;

/// <summary>The marks between values. A space may follow each; there is no other white space, so a model cannot write it for ever.</summary>
internal sealed class JsonMarks
{
    /// <summary>Creates the rules.</summary>
    public JsonMarks(GrammarBuilder grammar)
    {
        Comma = grammar.NewRule([grammar.Literal(",")]);
        grammar.Add(Comma, [grammar.Literal(", ")]);
        Colon = grammar.NewRule([grammar.Literal(":")]);
        grammar.Add(Colon, [grammar.Literal(": ")]);
    }

    /// <summary>Between two items.</summary>
    public Rule Comma { get; }

    /// <summary>Between a name and its value.</summary>
    public Rule Colon { get; }
}
