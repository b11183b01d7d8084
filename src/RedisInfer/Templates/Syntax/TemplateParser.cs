using RedisInfer.Templates.Values;

namespace RedisInfer.Templates.Syntax;

/// <summary>Parses a template to statements.</summary>
internal sealed class TemplateParser
{
    // What a caller may write besides names of its own: the tags that only change how a text is escaped, trained on, or inherited.
    private static readonly HashSet<string> PlainBlocks = ["generation", "autoescape", "block"];

    private readonly TokenStream _stream;
    private readonly ExpressionParser _expressions;
    private int _loops;

    private TemplateParser(IReadOnlyList<Token> tokens)
    {
        _stream = new TokenStream(tokens);
        _expressions = new ExpressionParser(_stream);
    }

    /// <summary>Parses a template.</summary>
    /// <exception cref="TemplateException">It is no template; with the line.</exception>
    public static IReadOnlyList<Statement> Parse(string template)
    {
        var parser = new TemplateParser(Lexer.Read(template));
        IReadOnlyList<Statement> body = parser.ParseBody();
        return parser._stream.Is(TokenKind.End) ? body : throw parser._stream.Error($"unexpected end tag {parser._stream.Current.Description}");
    }

    /// <summary>Parses up to the end, or up to one of some tags. Its name is then the next token.</summary>
    private List<Statement> ParseBody(params string[] ends)
    {
        _stream.Enter();
        var body = new List<Statement>();
        while (!_stream.Is(TokenKind.End))
        {
            Token token = _stream.Take();
            switch (token.Kind)
            {
                case TokenKind.Data:
                    body.Add(new Statement.Text(token.Text, token.Line));
                    break;
                case TokenKind.PrintBegin:
                    body.Add(new Statement.Print(_expressions.ParseTuple(), token.Line));
                    _stream.Expect(TokenKind.PrintEnd, "'}}'");
                    break;
                case var _ when Array.Exists(ends, _stream.Is):
                    _stream.Leave();
                    return body;
                default:
                    ParseStatement(body);
                    break;
            }
        }

        if (ends.Length > 0)
            throw _stream.Error($"'{ends[^1]}' is missing");
        _stream.Leave();
        return body;
    }

    private void ParseStatement(List<Statement> body)
    {
        Token tag = _stream.Expect(TokenKind.Name, "a tag");
        if (PlainBlocks.Contains(tag.Text))
        {
            body.Add(ParsePlainBlock(tag));
            return;
        }

        body.Add(tag.Text switch
        {
            "if" => ParseIf(tag.Line),
            "for" => ParseFor(tag.Line),
            "set" => ParseSet(tag.Line),
            "macro" => new Statement.Macro(ParseSignature(_stream.Expect(TokenKind.Name, "the macro's name").Text, "endmacro"), tag.Line),
            "call" => ParseCall(tag.Line),
            "filter" => new Statement.FilterBlock(_expressions.ParseFilters(new Expression.BlockText(tag.Line)), ParseRest("endfilter"), tag.Line),
            "with" => ParseWith(tag.Line),
            "do" => new Statement.Do(_expressions.ParseTuple(), tag.Line),
            "print" => new Statement.Print(ParsePrinted(), tag.Line),
            "break" or "continue" when _loops > 0 => new Statement.Leave(tag.Text == "continue", tag.Line),
            "break" or "continue" => throw new TemplateException($"'{tag.Text}' is outside of a loop", tag.Line),
            "include" or "import" or "from" or "extends" => throw new TemplateException($"'{tag.Text}' needs another template, and there is none", tag.Line),
            _ => throw new TemplateException($"unknown tag '{tag.Text}'", tag.Line),
        });
        _stream.Expect(TokenKind.BlockEnd, "'%}'");
    }

    private Expression.Concat ParsePrinted()
    {
        int line = _stream.Current.Line;
        List<Expression> items = [_expressions.ParseExpression()];
        while (_stream.TryTake(","))
        {
            items.Add(_expressions.ParseExpression());
        }

        return new Expression.Concat(items, line);
    }

    private List<Statement> ParseRest(string end)
    {
        _stream.TryTake(":");
        _stream.Expect(TokenKind.BlockEnd, "'%}'");
        List<Statement> body = ParseBody(end);
        _stream.Take();
        return body;
    }

    // These blocks only make a scope of their own here.
    private Statement.With ParsePlainBlock(Token tag)
    {
        while (!_stream.Is(TokenKind.BlockEnd) && !_stream.Is(TokenKind.End))
        {
            _stream.Take();
        }

        var block = new Statement.With([], ParseRest("end" + tag.Text), tag.Line);
        if (_stream.Is(TokenKind.Name))
            _stream.Take();
        _stream.Expect(TokenKind.BlockEnd, "'%}'");
        return block;
    }

    private Statement.If ParseIf(int line)
    {
        var branches = new List<(Expression, IReadOnlyList<Statement>)>();
        while (true)
        {
            Expression test = _expressions.ParseTuple(withCondition: false);
            branches.Add((test, ParseBranch("elif", "else", "endif")));
            switch (_stream.Take().Text)
            {
                case "elif":
                    continue;
                case "else":
                    return new Statement.If(branches, ParseRest("endif"), line);
                default:
                    return new Statement.If(branches, [], line);
            }
        }
    }

    private List<Statement> ParseBranch(params string[] ends)
    {
        _stream.TryTake(":");
        _stream.Expect(TokenKind.BlockEnd, "'%}'");
        return ParseBody(ends);
    }

    private Statement.For ParseFor(int line)
    {
        Expression target = _expressions.ParseTarget(withNamespace: false, "in");
        _stream.Expect("in");
        Expression items = _expressions.ParseTuple(withCondition: false, "recursive");
        Expression? test = _stream.TryTake("if") ? _expressions.ParseExpression() : null;
        bool isRecursive = _stream.TryTake("recursive");
        _loops++;
        List<Statement> body = ParseBranch("else", "endfor");
        _loops--;
        List<Statement> otherwise = _stream.Take().Text == "else" ? ParseRest("endfor") : [];
        return new Statement.For(target, items, test, isRecursive, body, otherwise, line);
    }

    private Statement ParseSet(int line)
    {
        Expression target = _expressions.ParseTarget(withNamespace: true);
        if (_stream.TryTake("="))
            return new Statement.Set(target, _expressions.ParseTuple(), line);
        Expression filter = new Expression.BlockText(line);
        filter = _stream.TryTake("|") ? _expressions.ParseFilters(filter) : filter;
        return new Statement.SetBlock(target, filter, ParseRest("endset"), line);
    }

    private Statement.CallBlock ParseCall(int line)
    {
        // The parameters are parsed with the body, after the call.
        List<(string, Expression?)> parameters = _stream.Is("(") ? ParseParameters() : [];
        Expression call = _expressions.ParseExpression();
        if (call is not Expression.Call function)
            throw new TemplateException("expected a call", line);
        return new Statement.CallBlock(function, ParseBodyOf("caller", parameters, "endcall"), line);
    }

    private Statement.With ParseWith(int line)
    {
        var values = new List<(Expression, Expression)>();
        while (!_stream.Is(TokenKind.BlockEnd))
        {
            if (values.Count > 0)
                _stream.Expect(",");
            Expression target = _expressions.ParseTarget(withNamespace: false);
            _stream.Expect("=");
            values.Add((target, _expressions.ParseExpression()));
        }

        return new Statement.With(values, ParseRest("endwith"), line);
    }

    private Signature ParseSignature(string name, string end) => ParseBodyOf(name, ParseParameters(), end);

    private Signature ParseBodyOf(string name, List<(string, Expression?)> parameters, string end)
    {
        int loops = _loops;
        _loops = 0;
        _expressions.BeginNames();
        List<Statement> body = ParseRest(end);
        _loops = loops;
        return new Signature(name, parameters, body, _expressions.EndNames());
    }

    private List<(string, Expression?)> ParseParameters()
    {
        _stream.Expect("(");
        var parameters = new List<(string, Expression?)>();
        while (!_stream.Is(")"))
        {
            if (parameters.Count > 0)
                _stream.Expect(",");
            string name = _stream.Expect(TokenKind.Name, "a parameter").Text;
            Expression? value = _stream.TryTake("=") ? _expressions.ParseExpression() : null;
            if (value is null && parameters.Exists(parameter => parameter.Item2 is not null))
                throw _stream.Error("a parameter without a default follows one with a default");
            parameters.Add((name, value));
        }

        _stream.Expect(")");
        return parameters;
    }
}
