using System.Text;

namespace RedisInfer.Chunking;

/// <summary>
/// Finds declarations by braces. It knows comments and strings of the common languages, so that braces in them do not count. Made for text
/// that a compiler accepts: of others, it says that it cannot tell.
/// </summary>
/// <param name="lines">The lines of the code.</param>
/// <param name="language">Its language.</param>
internal sealed class CodeLexer(IReadOnlyList<string> lines, CodeLanguage language)
{
    // A declaration is short. What is longer is a table of data.
    private const int MaxDeclaration = 2000;
    private const int MaxDepth = 200;

    private readonly CodeScope _file = new(CodeScopeKind.Transparent, "", First: -1);
    private readonly Stack<CodeScope> _open = new();
    private readonly StringBuilder _statement = new();
    private int _statementLine;

    // What ends the comment or the string that continues in the next line.
    private string? _until;

    /// <summary>Reads all declarations; <see langword="null"/> if the braces do not match.</summary>
    public CodeScope? Read()
    {
        _open.Push(_file);
        for (int line = 0; line < lines.Count; line++)
        {
            if (!TryReadLine(line))
                return null;
        }

        return _open.Count == 1 && _until is null ? _file : null;
    }

    private bool TryReadLine(int number)
    {
        string line = lines[number];
        if (_until is null && string.IsNullOrWhiteSpace(line))
        {
            // Not all languages end a statement with a sign.
            _statement.Clear();
            return true;
        }

        bool isDirective = _until is null && language.HasHashComments && line.AsSpan().TrimStart() is ['#', not '[', ..] or ['#'];
        for (int i = 0; i < line.Length && !isDirective;)
        {
            if (_until is not null)
            {
                i = SkipTo(line, i);
            }
            else if (Opens(line, i) is (var length, var until))
            {
                if (until is null)
                    break;
                _until = until;
                i += length;
            }
            else if (line[i] is '\'' or '"')
            {
                i = EndOfString(line, i);
                Append(number, 'x');
            }
            else if (IsEmptyType(line, i))
            {
                i += 2;
            }
            else if (!TryTake(line[i++], number))
            {
                return false;
            }
        }

        Append(number, ' ');
        return true;
    }

    /// <summary>Go's types of nothing, <c>interface{}</c> and <c>struct{}</c>, declare nothing.</summary>
    private bool IsEmptyType(string line, int i) =>
        i > 0 && line.AsSpan(i).StartsWith("{}") && (line.AsSpan(0, i).EndsWith("interface") || line.AsSpan(0, i).EndsWith("struct"));

    private int SkipTo(string line, int from)
    {
        int end = line.IndexOf(_until!, from, StringComparison.Ordinal);
        if (end < 0)
            return line.Length;
        end += _until!.Length;
        _until = null;
        return end;
    }

    /// <summary>The comment or string of several lines that begins here: length of its mark, and what ends it; null: the line's end.</summary>
    private static (int Length, string? Until)? Opens(string line, int i)
    {
        ReadOnlySpan<char> rest = line.AsSpan(i);
        if (rest.StartsWith("//"))
            return i > 0 && line[i - 1] == ':' ? null : (2, null);
        if (rest.StartsWith("/*"))
            return (2, "*/");
        if (rest.StartsWith("\"\"\""))
        {
            int quotes = rest.IndexOfAnyExcept('"') is >= 3 and var count ? count : 3;
            return (quotes, new string('"', quotes));
        }

        if (rest.StartsWith("@\"") || rest.StartsWith("@$\"") || rest.StartsWith("$@\""))
        {
            int mark = rest.IndexOf('"') + 1;
            int end = mark;
            while (end < rest.Length && (rest[end] != '"' || (end + 1 < rest.Length && rest[end + 1] == '"')))
                end += rest[end] == '"' ? 2 : 1;
            return end < rest.Length ? (end, "\"") : (rest.Length, "\"");
        }

        return rest[0] == '`' ? (1, "`") : null;
    }

    /// <summary>One past the end of a string in one line. A quote without another one is no string.</summary>
    private static int EndOfString(string line, int start)
    {
        for (int i = start + 1; i < line.Length; i++)
        {
            if (line[i] == '\\')
                i++;
            else if (line[i] == line[start])
                return i + 1;
        }

        return start + 1;
    }

    private bool TryTake(char sign, int number)
    {
        switch (sign)
        {
            case '{':
                return TryOpen(number);
            case '}':
                if (_open.Count == 1)
                    return false;
                _open.Pop().Last = number;
                _statement.Clear();
                return true;
            case ';':
                _statement.Clear();
                return true;
            default:
                Append(number, sign);
                return true;
        }
    }

    private bool TryOpen(int number)
    {
        CodeScope outer = _open.Peek();
        int first = _statement.Length > 0 ? _statementLine : number;
        (CodeScopeKind kind, string name) = outer.Kind == CodeScopeKind.Member || _statement.Length > MaxDeclaration
            ? (CodeScopeKind.Member, "")
            : CodeDeclaration.BeforeBrace(_statement.ToString());
        while (first > 0 && CodeDeclaration.IsPrelude(lines[first - 1]) && first - 1 > outer.First)
            first--;
        var scope = new CodeScope(kind, name, first);
        if (outer.Kind != CodeScopeKind.Member)
            outer.Inner.Add(scope);
        _open.Push(scope);
        _statement.Clear();
        return _open.Count < MaxDepth;
    }

    private void Append(int number, char sign)
    {
        if (_statement.Length == 0)
        {
            if (char.IsWhiteSpace(sign))
                return;
            _statementLine = number;
        }

        if (_statement.Length <= MaxDeclaration)
            _statement.Append(sign);
    }
}
