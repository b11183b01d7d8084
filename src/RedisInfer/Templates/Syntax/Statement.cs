namespace RedisInfer.Templates.Syntax;

/// <summary>A part of a template that prints or changes something.</summary>
/// <param name="Line">Its line, from 1.</param>
internal abstract record Statement(int Line)
{
    internal sealed record Text(string Value, int Line) : Statement(Line);

    internal sealed record Print(Expression Value, int Line) : Statement(Line);

    internal sealed record Set(Expression Target, Expression Value, int Line) : Statement(Line);

    internal sealed record SetBlock(Expression Target, Expression Filter, IReadOnlyList<Statement> Body, int Line) : Statement(Line);

    internal sealed record If(IReadOnlyList<(Expression Test, IReadOnlyList<Statement> Body)> Branches, IReadOnlyList<Statement> Otherwise, int Line) : Statement(Line);

    internal sealed record For(
        Expression Target, Expression Items, Expression? Test, bool IsRecursive, IReadOnlyList<Statement> Body, IReadOnlyList<Statement> Otherwise, int Line)
        : Statement(Line);

    internal sealed record Macro(Signature Signature, int Line) : Statement(Line);

    internal sealed record CallBlock(Expression.Call Call, Signature Caller, int Line) : Statement(Line);

    internal sealed record FilterBlock(Expression Filter, IReadOnlyList<Statement> Body, int Line) : Statement(Line);

    internal sealed record With(IReadOnlyList<(Expression Target, Expression Value)> Values, IReadOnlyList<Statement> Body, int Line) : Statement(Line);

    /// <summary>Evaluates an expression and prints nothing.</summary>
    internal sealed record Do(Expression Value, int Line) : Statement(Line);

    /// <summary>Leaves a loop, or continues with its next item.</summary>
    internal sealed record Leave(bool Continues, int Line) : Statement(Line);
}
