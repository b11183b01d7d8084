using RedisInfer.Templates.Values;

namespace RedisInfer.Templates.Syntax;

/// <summary>
/// Cuts a template into tokens. White space around tags is removed as the models' own library sets it (<c>trim_blocks</c>,
/// <c>lstrip_blocks</c>). That is the line break after a block, and white space before a block at the beginning of its line.
/// </summary>
internal sealed class Lexer
{
    private static readonly string[] Operators =
        ["**", "//", "==", "!=", ">=", "<=", "+", "-", "/", "*", "%", "~", "[", "]", "(", ")", "{", "}", ">", "<", "=", ".", ":", "|", ",", ";"];

    private readonly string _source;
    private readonly List<Token> _tokens = [];
    private int _at;
    private int _line = 1;
    private int _counted;

    // Whether the text that follows begins at the beginning of a line.
    private bool _startsLine = true;

    private Lexer(string source) => _source = source;

    /// <summary>Cuts a template.</summary>
    /// <exception cref="TemplateException">A tag or string is not closed, or a character has no meaning.</exception>
    public static IReadOnlyList<Token> Read(string template)
    {
        string source = template.ReplaceLineEndings("\n");
        var lexer = new Lexer(source.EndsWith('\n') ? source[..^1] : source);
        lexer.ReadAll();
        return lexer._tokens;
    }

    private void ReadAll()
    {
        while (_at < _source.Length)
        {
            int tag = FindTag(_at);
            string text = _source[_at..(tag < 0 ? _source.Length : tag)];
            if (tag < 0)
            {
                Add(TokenKind.Data, text, _at);
                break;
            }

            char kind = _source[tag + 1];
            char sign = tag + 2 < _source.Length && _source[tag + 2] is '-' or '+' ? _source[tag + 2] : '\0';
            Add(TokenKind.Data, BeforeTag(text, kind, sign), _at);
            _at = tag + (sign == 0 ? 2 : 3);
            switch (kind)
            {
                case '#':
                    SkipComment(tag);
                    break;
                case '%' when TryRaw():
                    break;
                case '%':
                    ReadTag(tag, TokenKind.BlockBegin, TokenKind.BlockEnd, "%}");
                    break;
                default:
                    ReadTag(tag, TokenKind.PrintBegin, TokenKind.PrintEnd, "}}");
                    break;
            }

            _startsLine = _source[_at - 1] == '\n';
        }

        _tokens.Add(new Token(TokenKind.End, "", LineAt(_source.Length)));
    }

    private int FindTag(int start)
    {
        for (int at = start; at + 1 < _source.Length; at++)
        {
            at = _source.IndexOf('{', at);
            if (at < 0 || at + 1 >= _source.Length)
                return -1;
            if (_source[at + 1] is '%' or '{' or '#')
                return at;
        }

        return -1;
    }

    private string BeforeTag(string text, char kind, char sign)
    {
        if (sign == '-')
            return CodePoints.Strip(text, null, start: false, end: true);
        int line = text.LastIndexOf('\n') + 1;
        bool isIndent = sign == 0 && kind != '{' && (line > 0 || _startsLine) && text.AsSpan(line).IsWhiteSpace();
        return isIndent ? text[..line] : text;
    }

    private void SkipComment(int tag)
    {
        int end = _source.IndexOf("#}", _at, StringComparison.Ordinal);
        if (end < 0)
            throw Error("a comment is not closed", tag);
        char sign = end > _at ? _source[end - 1] : '\0';
        _at = end + 2;
        AfterTag(sign, trims: true);
    }

    // White space after a tag.
    private void AfterTag(char sign, bool trims)
    {
        if (sign == '-')
            SkipSpace();
        else if (sign != '+' && trims && _at < _source.Length && _source[_at] == '\n')
            _at++;
    }

    private void SkipSpace()
    {
        while (_at < _source.Length && CodePoints.IsSpace(_source[_at]))
        {
            _at++;
        }
    }

    private bool TryRaw()
    {
        int start = _at;
        if (!TryEndOfWord("raw", out char sign))
        {
            _at = start;
            return false;
        }

        if (sign == '-')
            SkipSpace();
        int body = _at;
        for (int at = body; (at = _source.IndexOf("{%", at, StringComparison.Ordinal)) >= 0; at += 2)
        {
            char before = at + 2 < _source.Length && _source[at + 2] is '-' or '+' ? _source[at + 2] : '\0';
            _at = at + (before == 0 ? 2 : 3);
            if (!TryEndOfWord("endraw", out char after))
                continue;
            _startsLine = body > 0 && _source[body - 1] == '\n';
            Add(TokenKind.Data, BeforeTag(_source[body..at], '%', before), body);
            AfterTag(after, trims: true);
            return true;
        }

        throw Error("'raw' is not closed", start);
    }

    private bool TryEndOfWord(string word, out char sign)
    {
        sign = '\0';
        SkipSpace();
        if (string.CompareOrdinal(_source, _at, word, 0, word.Length) != 0)
            return false;
        _at += word.Length;
        SkipSpace();
        if (_at < _source.Length && _source[_at] is '-' or '+')
            sign = _source[_at++];
        if (string.CompareOrdinal(_source, _at, "%}", 0, 2) != 0)
            return false;
        _at += 2;
        return true;
    }

    private void ReadTag(int tag, TokenKind begin, TokenKind end, string close)
    {
        Add(begin, begin.ToString(), tag);
        var open = new Stack<char>();
        while (true)
        {
            SkipSpace();
            if (_at >= _source.Length)
                throw Error($"a tag is not closed: '{close}' is missing", tag);
            char sign = _source[_at];
            int closeAt = sign == '-' || (sign == '+' && end == TokenKind.BlockEnd) ? _at + 1 : _at;
            if (open.Count == 0 && string.CompareOrdinal(_source, closeAt, close, 0, 2) == 0)
            {
                Add(end, close, _at);
                _at = closeAt + 2;
                AfterTag(sign, trims: end == TokenKind.BlockEnd);
                return;
            }

            ReadToken(open);
        }
    }

    private void ReadToken(Stack<char> open)
    {
        char c = _source[_at];
        int start = _at;
        if (char.IsAsciiDigit(c))
        {
            ReadNumber();
        }
        else if (c is '\'' or '"')
        {
            Add(TokenKind.String, StringLiteral.Read(_source, ref _at, () => Error("a string is not closed", start)), start);
        }
        else if (c == '_' || char.IsLetter(c))
        {
            while (_at < _source.Length && (_source[_at] == '_' || char.IsLetterOrDigit(_source[_at])))
            {
                _at++;
            }

            Add(TokenKind.Name, _source[start.._at], start);
        }
        else
        {
            string op = Array.Find(Operators, op => string.CompareOrdinal(_source, start, op, 0, op.Length) == 0)
                ?? throw Error($"unexpected character '{c}'", start);
            Balance(open, op, start);
            _at += op.Length;
            Add(TokenKind.Operator, op, start);
        }
    }

    private void Balance(Stack<char> open, string op, int start)
    {
        char closing = op switch { "(" => ')', "[" => ']', "{" => '}', _ => '\0' };
        if (closing != 0)
            open.Push(closing);
        else if (op is ")" or "]" or "}" && (open.Count == 0 || open.Pop() != op[0]))
            throw Error($"unexpected '{op}'", start);
    }

    private void ReadNumber()
    {
        int start = _at;
        if (_source[_at] == '0' && _at + 2 < _source.Length && _source[_at + 1] is 'x' or 'X' or 'o' or 'O' or 'b' or 'B' && char.IsAsciiHexDigit(_source[_at + 2]))
        {
            _at += 2;
            SkipDigits(hexadecimal: true);
            Add(TokenKind.Integer, _source[start.._at], start);
            return;
        }

        SkipDigits(hexadecimal: false);
        bool isFloat = false;
        bool afterDot = start > 0 && _source[start - 1] == '.';
        if (!afterDot && _at + 1 < _source.Length && _source[_at] == '.' && char.IsAsciiDigit(_source[_at + 1]))
        {
            _at++;
            SkipDigits(hexadecimal: false);
            isFloat = true;
        }

        int exponent = _at + 1 < _source.Length && _source[_at + 1] is '+' or '-' ? _at + 2 : _at + 1;
        if (!afterDot && _at < _source.Length && _source[_at] is 'e' or 'E' && exponent < _source.Length && char.IsAsciiDigit(_source[exponent]))
        {
            _at = exponent;
            SkipDigits(hexadecimal: false);
            isFloat = true;
        }

        Add(isFloat ? TokenKind.Float : TokenKind.Integer, _source[start.._at], start);
    }

    private void SkipDigits(bool hexadecimal)
    {
        while (_at < _source.Length && (hexadecimal ? char.IsAsciiHexDigit(_source[_at]) : char.IsAsciiDigit(_source[_at]))
            || (_at + 1 < _source.Length && _source[_at] == '_' && char.IsAsciiHexDigit(_source[_at + 1])))
        {
            _at++;
        }
    }

    private void Add(TokenKind kind, string text, int at)
    {
        if (kind != TokenKind.Data || text.Length > 0)
            _tokens.Add(new Token(kind, text, LineAt(at)));
    }

    private int LineAt(int at)
    {
        for (; _counted < at; _counted++)
        {
            _line += _source[_counted] == '\n' ? 1 : 0;
        }

        return _line;
    }

    private TemplateException Error(string message, int at) => new(message, LineAt(at));
}
