namespace RedisInfer.Templates.Syntax;

/// <summary>A part of a template that has a value.</summary>
/// <param name="Line">Its line, from 1.</param>
internal abstract record Expression(int Line)
{
    internal sealed record Constant(object? Value, int Line) : Expression(Line);

    internal sealed record Name(string Text, int Line) : Expression(Line);

    internal sealed record Tuple(IReadOnlyList<Expression> Items, int Line) : Expression(Line);

    internal sealed record ListOf(IReadOnlyList<Expression> Items, int Line) : Expression(Line);

    internal sealed record Dict(IReadOnlyList<(Expression Key, Expression Value)> Items, int Line) : Expression(Line);

    internal sealed record Attribute(Expression Target, string Member, int Line) : Expression(Line);

    internal sealed record Item(Expression Target, Expression Index, int Line) : Expression(Line);

    internal sealed record Slice(Expression Target, Expression? Start, Expression? Stop, Expression? Step, int Line) : Expression(Line);

    internal sealed record Call(Expression Function, CallArguments Arguments, int Line) : Expression(Line);

    internal sealed record Filter(Expression Target, string FilterName, CallArguments Arguments, int Line) : Expression(Line);

    internal sealed record Test(Expression Target, string TestName, CallArguments Arguments, int Line) : Expression(Line);

    internal sealed record Not(Expression Operand, int Line) : Expression(Line);

    internal sealed record Sign(bool Negative, Expression Operand, int Line) : Expression(Line);

    internal sealed record Binary(string Operator, Expression Left, Expression Right, int Line) : Expression(Line);

    internal sealed record Logic(bool IsAnd, Expression Left, Expression Right, int Line) : Expression(Line);

    internal sealed record Compare(Expression First, IReadOnlyList<(string Operator, Expression Operand)> Rest, int Line) : Expression(Line);

    internal sealed record Concat(IReadOnlyList<Expression> Items, int Line) : Expression(Line);

    internal sealed record Condition(Expression If, Expression Then, Expression? Otherwise, int Line) : Expression(Line);

    /// <summary>The text of the block that a filter is applied to.</summary>
    internal sealed record BlockText(int Line) : Expression(Line);
}
