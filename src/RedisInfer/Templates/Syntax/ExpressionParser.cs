using RedisInfer.Templates.Values;

namespace RedisInfer.Templates.Syntax;

/// <summary>Parses expressions. The grammar and its precedence are Jinja's.</summary>
internal sealed class ExpressionParser(TokenStream stream)
{
    private static readonly string[] CompareOperators = ["==", "!=", "<", "<=", ">", ">=", "in"];
    private static readonly string[] PrimaryBegins = ["(", "[", "{"];

    // The names that the macros around the current place use.
    private readonly List<HashSet<string>> _usedNames = [];

    /// <summary>Begins to collect the names that are used.</summary>
    public void BeginNames() => _usedNames.Add([]);

    /// <summary>Ends what <see cref="BeginNames"/> has begun.</summary>
    public IReadOnlySet<string> EndNames()
    {
        HashSet<string> names = _usedNames[^1];
        _usedNames.RemoveAt(_usedNames.Count - 1);
        return names;
    }

    /// <summary>Parses an expression, or several with commas between them as a tuple.</summary>
    /// <param name="withCondition">Whether it may be <c>a if b else c</c>.</param>
    /// <param name="end">A keyword that ends it.</param>
    public Expression ParseTuple(bool withCondition = true, string? end = null)
    {
        int line = stream.Current.Line;
        List<Expression> items = [withCondition ? ParseExpression() : ParseOr()];
        if (!stream.Is(","))
            return items[0];
        while (stream.TryTake(",") && !IsEndOfTuple(end))
        {
            items.Add(withCondition ? ParseExpression() : ParseOr());
        }

        return new Expression.Tuple(items, line);
    }

    /// <summary>Parses what can be assigned: a name, an attribute of a namespace, or a tuple of these.</summary>
    public Expression ParseTarget(bool withNamespace, string? end = null)
    {
        int line = stream.Current.Line;
        List<Expression> items = [ParseOneTarget(withNamespace)];
        if (!stream.Is(","))
            return items[0];
        while (stream.TryTake(",") && !IsEndOfTuple(end) && !stream.Is("="))
        {
            items.Add(ParseOneTarget(withNamespace));
        }

        return new Expression.Tuple(items, line);
    }

    /// <summary>Parses one expression.</summary>
    public Expression ParseExpression()
    {
        stream.Enter();
        Expression value = ParseOr();
        while (stream.Current is var token && stream.TryTake("if"))
        {
            Expression test = ParseOr();
            value = new Expression.Condition(test, value, stream.TryTake("else") ? ParseExpression() : null, token.Line);
        }

        stream.Leave();
        return value;
    }

    /// <summary>Parses a call's arguments with their brackets.</summary>
    public CallArguments ParseArguments()
    {
        Token open = stream.Expect("(");
        var positional = new List<Expression>();
        var named = new List<(string, Expression)>();
        Expression? spread = null, namedSpread = null;
        while (!stream.Is(")"))
        {
            if (stream.TryTake("*"))
                spread = spread is null && namedSpread is null ? ParseExpression() : throw Invalid();
            else if (stream.TryTake("**"))
                namedSpread = namedSpread is null ? ParseExpression() : throw Invalid();
            else if (ParseNamed() is { } argument)
                named.Add(namedSpread is null ? argument : throw Invalid());
            else
                positional.Add(named.Count == 0 && spread is null && namedSpread is null ? ParseExpression() : throw Invalid());
            if (!stream.TryTake(","))
                break;
        }

        stream.Expect(")");
        return new CallArguments(positional, named, spread, namedSpread);

        TemplateException Invalid() => new("invalid syntax for function call expression", open.Line);
    }

    /// <summary>Parses a filter, and those that follow it.</summary>
    /// <param name="target">What it is applied to.</param>
    public Expression ParseFilters(Expression target)
    {
        do
        {
            int line = stream.Current.Line;
            string name = ParseDottedName();
            target = new Expression.Filter(target, name, stream.Is("(") ? ParseArguments() : CallArguments.None, line);
        }
        while (stream.TryTake("|"));
        return target;
    }

    private Expression ParseOneTarget(bool withNamespace)
    {
        if (stream.TryTake("("))
        {
            stream.Enter();
            Expression inner = ParseTarget(withNamespace);
            stream.Expect(")");
            stream.Leave();
            return inner;
        }

        Token name = stream.Expect(TokenKind.Name, "a name to assign to");
        if (name.Text is "true" or "false" or "none" or "True" or "False" or "None")
            throw new TemplateException($"can't assign to '{name.Text}'", name.Line);
        var target = new Expression.Name(name.Text, name.Line);
        if (!withNamespace || !stream.TryTake("."))
            return target;
        Use(name.Text);
        return new Expression.Attribute(target, stream.Expect(TokenKind.Name, "a name").Text, name.Line);
    }

    private bool IsEndOfTuple(string? end) =>
        stream.Is(TokenKind.PrintEnd) || stream.Is(TokenKind.BlockEnd) || stream.Is(")") || (end is not null && stream.Is(end));

    private (string, Expression)? ParseNamed()
    {
        if (!stream.Is(TokenKind.Name) || !stream.Are(stream.Current.Text, "="))
            return null;
        string name = stream.Take().Text;
        stream.Take();
        return (name, ParseExpression());
    }

    private Expression ParseOr()
    {
        Expression left = ParseAnd();
        while (stream.Current is var token && stream.TryTake("or"))
        {
            left = new Expression.Logic(false, left, ParseAnd(), token.Line);
        }

        return left;
    }

    private Expression ParseAnd()
    {
        Expression left = ParseNot();
        while (stream.Current is var token && stream.TryTake("and"))
        {
            left = new Expression.Logic(true, left, ParseNot(), token.Line);
        }

        return left;
    }

    private Expression ParseNot()
    {
        Token token = stream.Current;
        if (!stream.TryTake("not"))
            return ParseCompare();
        stream.Enter();
        Expression operand = ParseNot();
        stream.Leave();
        return new Expression.Not(operand, token.Line);
    }

    private Expression ParseCompare()
    {
        int line = stream.Current.Line;
        Expression first = ParseSum();
        var rest = new List<(string, Expression)>();
        while (true)
        {
            if (stream.Are("not", "in"))
            {
                stream.Take();
                stream.Take();
                rest.Add(("not in", ParseSum()));
            }
            else if (Array.Exists(CompareOperators, stream.Is))
            {
                rest.Add((stream.Take().Text, ParseSum()));
            }
            else
            {
                return rest.Count == 0 ? first : new Expression.Compare(first, rest, line);
            }
        }
    }

    private Expression ParseSum() => ParseBinary(ParseConcat, "+", "-");

    private Expression ParseConcat()
    {
        int line = stream.Current.Line;
        List<Expression> items = [ParseProduct()];
        while (stream.TryTake("~"))
        {
            items.Add(ParseProduct());
        }

        return items.Count == 1 ? items[0] : new Expression.Concat(items, line);
    }

    private Expression ParseProduct() => ParseBinary(ParsePower, "*", "/", "//", "%");

    private Expression ParsePower() => ParseBinary(() => ParseUnary(withFilter: true), "**");

    private Expression ParseBinary(Func<Expression> parse, params string[] operators)
    {
        Expression left = parse();
        while (Array.Exists(operators, stream.Is))
        {
            Token op = stream.Take();
            left = new Expression.Binary(op.Text, left, parse(), op.Line);
        }

        return left;
    }

    private Expression ParseUnary(bool withFilter)
    {
        stream.Enter();
        Token token = stream.Current;
        Expression value = token.Kind == TokenKind.Operator && token.Text is "-" or "+"
            ? new Expression.Sign(stream.Take().Text == "-", ParseUnary(withFilter: false), token.Line)
            : ParsePrimary();
        value = ParsePostfix(value);
        value = withFilter ? ParseFiltersAndTests(value) : value;
        stream.Leave();
        return value;
    }

    private Expression ParsePrimary()
    {
        Token token = stream.Take();
        switch (token.Kind)
        {
            case TokenKind.Name:
                return ParseName(token);
            case TokenKind.String:
                string text = token.Text;
                while (stream.Is(TokenKind.String))
                {
                    text += stream.Take().Text;
                }

                return new Expression.Constant(text, token.Line);
            case TokenKind.Integer or TokenKind.Float:
                return new Expression.Constant(NumberOf(token), token.Line);
            case TokenKind.Operator when token.Text == "(":
                Expression inner = stream.Is(")") ? new Expression.Tuple([], token.Line) : ParseTuple();
                stream.Expect(")");
                return inner;
            case TokenKind.Operator when token.Text == "[":
                return new Expression.ListOf(ParseAll("]", ParseExpression), token.Line);
            case TokenKind.Operator when token.Text == "{":
                return new Expression.Dict(ParseAll("}", ParsePair), token.Line);
            default:
                throw new TemplateException($"unexpected {token.Description}", token.Line);
        }
    }

    private Expression ParseName(Token token)
    {
        switch (token.Text)
        {
            case "true" or "True":
                return new Expression.Constant(true, token.Line);
            case "false" or "False":
                return new Expression.Constant(false, token.Line);
            case "none" or "None":
                return new Expression.Constant(null, token.Line);
            default:
                Use(token.Text);
                return new Expression.Name(token.Text, token.Line);
        }
    }

    private void Use(string name) => _usedNames.ForEach(names => names.Add(name));

    private static object NumberOf(Token token)
    {
        if (token.Kind == TokenKind.Float)
            return Numbers.TryParseFloat(token.Text, out double real) ? real : throw new TemplateException($"'{token.Text}' is no number", token.Line);
        int radix = token.Text.Length < 2 ? 10 : char.ToLowerInvariant(token.Text[1]) switch { 'x' => 16, 'o' => 8, 'b' => 2, _ => 10 };
        try
        {
            return Numbers.TryParseInteger(token.Text, radix, out long number) ? number : throw new TemplateException($"'{token.Text}' is no number");
        }
        catch (TemplateException error)
        {
            throw new TemplateException(error.Message, token.Line);
        }
    }

    private List<T> ParseAll<T>(string end, Func<T> parse)
    {
        var items = new List<T>();
        while (!stream.Is(end))
        {
            items.Add(parse());
            if (!stream.TryTake(","))
                break;
        }

        stream.Expect(end);
        return items;
    }

    private (Expression, Expression) ParsePair()
    {
        Expression key = ParseExpression();
        stream.Expect(":");
        return (key, ParseExpression());
    }

    private Expression ParsePostfix(Expression value)
    {
        while (true)
        {
            Token token = stream.Current;
            if (stream.TryTake("."))
                value = ParseMember(value, token.Line);
            else if (stream.TryTake("["))
                value = ParseSubscript(value, token.Line);
            else if (stream.Is("("))
                value = new Expression.Call(value, ParseArguments(), token.Line);
            else
                return value;
        }
    }

    private Expression ParseMember(Expression target, int line) => stream.Is(TokenKind.Integer)
        ? new Expression.Item(target, new Expression.Constant(NumberOf(stream.Take()), line), line)
        : new Expression.Attribute(target, stream.Expect(TokenKind.Name, "a name or a number").Text, line);

    private Expression ParseSubscript(Expression target, int line)
    {
        Expression? start = stream.Is(":") ? null : ParseExpression();
        if (start is not null && stream.Is(","))
        {
            stream.Take();
            return new Expression.Item(target, new Expression.Tuple([start, .. ParseAll("]", ParseExpression)], line), line);
        }

        if (!stream.TryTake(":"))
        {
            stream.Expect("]");
            return new Expression.Item(target, start!, line);
        }

        Expression? stop = stream.Is(":") || stream.Is("]") ? null : ParseExpression();
        Expression? step = stream.TryTake(":") && !stream.Is("]") ? ParseExpression() : null;
        stream.Expect("]");
        return new Expression.Slice(target, start, stop, step, line);
    }

    private Expression ParseFiltersAndTests(Expression value)
    {
        while (true)
        {
            Token token = stream.Current;
            if (stream.TryTake("|"))
                value = ParseFilters(value);
            else if (stream.TryTake("is"))
                value = ParseTest(value, token.Line);
            else if (stream.Is("("))
                value = new Expression.Call(value, ParseArguments(), token.Line);
            else
                return value;
        }
    }

    private Expression ParseTest(Expression value, int line)
    {
        bool isNot = stream.TryTake("not");
        string name = ParseDottedName();
        CallArguments arguments = CallArguments.None;
        if (stream.Is("("))
        {
            arguments = ParseArguments();
        }
        else if (BeginsPrimary())
        {
            if (stream.Is("is"))
                throw stream.Error("tests cannot be chained with 'is'");
            arguments = new CallArguments([ParsePostfix(ParsePrimary())], []);
        }

        Expression test = new Expression.Test(value, name, arguments, line);
        return isNot ? new Expression.Not(test, line) : test;
    }

    private bool BeginsPrimary() => stream.Current.Kind switch
    {
        TokenKind.Name => stream.Current.Text is not ("else" or "or" or "and"),
        TokenKind.Operator => Array.Exists(PrimaryBegins, stream.Is),
        TokenKind.String or TokenKind.Integer or TokenKind.Float => true,
        _ => false,
    };

    private string ParseDottedName()
    {
        string name = stream.Expect(TokenKind.Name, "a name").Text;
        while (stream.TryTake("."))
        {
            name += "." + stream.Expect(TokenKind.Name, "a name").Text;
        }

        return name;
    }
}
