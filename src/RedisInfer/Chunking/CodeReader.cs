namespace RedisInfer.Chunking;

/// <summary>
/// Reads source code. Each type is a section; members of a type are blocks of it, and so is the code between blank lines elsewhere.
/// </summary>
/// <param name="output">Receives the normalized text.</param>
/// <param name="language">How declarations are found.</param>
internal sealed class CodeReader(NormalText output, CodeLanguage language)
{
    private readonly List<TextSection> _sections = [];

    private readonly List<string> _lines = [];

    /// <summary>Reads a document.</summary>
    /// <returns>Its sections, in order.</returns>
    public IReadOnlyList<TextSection> Read(string document, string? title)
    {
        var lines = new DocumentLines(document);
        while (lines.MoveNext())
            _lines.Add(lines.Current.ToString());
        CodeScope file = (language.HasBraces ? new CodeLexer(_lines, language).Read() : null) ?? CodeIndentation.Read(_lines);
        AddBody(file, string.IsNullOrWhiteSpace(title) ? [] : [title], 0, _lines.Count - 1);
        return [.. _sections.Where(section => section.Blocks.Count > 0)];
    }

    /// <summary>Adds the lines of a type or of the file. A type within it is a section of its own.</summary>
    private void AddBody(CodeScope scope, IReadOnlyList<string> trail, int first, int last)
    {
        var section = new TextSection(trail);
        _sections.Add(section);
        int next = first;
        foreach (CodeScope inner in Declarations(scope))
        {
            // Two declarations in one line cannot be told apart.
            if (inner.First < next || inner.Last > last)
                continue;
            AddLines(section, next, inner.First - 1);
            if (inner.Kind == CodeScopeKind.Type)
            {
                AddBody(inner, [.. trail, inner.Name], inner.First, inner.Last);
                section = new TextSection(trail);
                _sections.Add(section);
            }
            else
            {
                AddMember(section, inner);
            }

            next = inner.Last + 1;
        }

        AddLines(section, next, last);
    }

    private static IEnumerable<CodeScope> Declarations(CodeScope scope) => scope.Inner.SelectMany(
        inner => inner.Kind == CodeScopeKind.Transparent ? Declarations(inner) : [inner]);

    private void AddMember(TextSection section, CodeScope member)
    {
        int start = Append(member.First, member.Last);
        section.Blocks.Add(new TextBlock(TextBlockKind.Fence, start, output.Length, member.First + 1) { Name = member.Name });
    }

    /// <summary>Adds the lines between blank lines as blocks. Lines of closing braces alone go with the block before them.</summary>
    private void AddLines(TextSection section, int first, int last)
    {
        if (first <= last && !_lines.Skip(first).Take(last - first + 1).Any(line => line.Any(char.IsLetterOrDigit))
            && _sections.FindLast(other => other.Blocks.Count > 0) is { } before)
        {
            last = _lines.FindLastIndex(last, last - first + 1, line => !string.IsNullOrWhiteSpace(line));
            Append(first, last);
            before.Blocks[^1] = before.Blocks[^1] with { Kind = TextBlockKind.Fence, End = output.Length };
            return;
        }

        for (int line = first; line <= last; line++)
        {
            if (string.IsNullOrWhiteSpace(_lines[line]))
                continue;
            int begin = line;
            while (line < last && !string.IsNullOrWhiteSpace(_lines[line + 1]))
                line++;
            int start = Append(begin, line);
            section.Blocks.Add(new TextBlock(TextBlockKind.Paragraph, start, output.Length, begin + 1));
        }
    }

    /// <summary>Appends lines, blank ones too.</summary>
    /// <returns>Position of the first.</returns>
    private int Append(int first, int last)
    {
        int start = output.Length;
        for (int line = first; line <= last; line++)
        {
            int position = output.Append(_lines[line], line + 1);
            start = line == first ? position : start;
        }

        return start;
    }
}
