namespace RedisInfer.Chunking;

/// <summary>Finds declarations by indentation: the body of a declaration is the lines below it that are indented deeper.</summary>
internal static class CodeIndentation
{
    private const int TabWidth = 4;

    private static readonly string[] TripleQuotes = ["\"\"\"", "'''"];

    /// <summary>Reads all declarations.</summary>
    public static CodeScope Read(IReadOnlyList<string> lines)
    {
        var file = new CodeScope(CodeScopeKind.Transparent, "", First: 0);
        var open = new Stack<(CodeScope Scope, int Indentation)>();
        open.Push((file, -1));
        string? quotes = null;
        int lastInk = -1;
        for (int line = 0; line < lines.Count; line++)
        {
            string text = lines[line];
            bool isInString = quotes is not null;
            quotes = QuotesAfter(text, quotes);
            if (string.IsNullOrWhiteSpace(text))
                continue;
            int indentation = IndentationOf(text);
            bool opens = text.AsSpan().Trim() is ['{', ..] && indentation == open.Peek().Indentation;
            while (!isInString && !opens && indentation <= open.Peek().Indentation)
            {
                // A line such as "end" or "})" closes what it is below.
                bool closes = indentation == open.Peek().Indentation && IsCloser(text);
                open.Pop().Scope.Last = closes ? line : lastInk;
                if (closes)
                    break;
            }

            lastInk = line;
            if (isInString || CodeDeclaration.OfIndented(text) is not var (kind, name) || open.Peek().Scope.Kind == CodeScopeKind.Member)
                continue;
            int first = line;
            while (first > 0 && CodeDeclaration.IsPrelude(lines[first - 1]) && IndentationOf(lines[first - 1]) == indentation && first - 1 > open.Peek().Scope.First)
                first--;
            var scope = new CodeScope(kind, name, first);
            open.Peek().Scope.Inner.Add(scope);
            open.Push((scope, indentation));
        }

        while (open.TryPop(out (CodeScope Scope, int Indentation) last))
            last.Scope.Last = lastInk;
        return file;
    }

    private static int IndentationOf(string line)
    {
        int indentation = 0;
        foreach (char c in line)
        {
            if (c == '\t')
                indentation = (indentation / TabWidth + 1) * TabWidth;
            else if (c == ' ')
                indentation++;
            else
                break;
        }

        return indentation;
    }

    private static bool IsCloser(string line)
    {
        ReadOnlySpan<char> text = line.AsSpan().Trim();
        return text[0] is '}' or ')' or ']' || text.StartsWith("end", StringComparison.OrdinalIgnoreCase);
    }

    private static string? QuotesAfter(string line, string? open)
    {
        for (int i = 0; i + 3 <= line.Length;)
        {
            string? mark = Array.Find(TripleQuotes, quotes => string.CompareOrdinal(line, i, quotes, 0, 3) == 0);
            bool changes = mark is not null && (open is null || open == mark);
            open = !changes ? open : open is null ? mark : null;
            i += changes ? 3 : 1;
        }

        return open;
    }
}
