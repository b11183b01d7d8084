namespace RedisInfer.Chunking;

/// <summary>
/// Finds the blocks of a text by its lines: headings, fences, tables, lists and paragraphs. Always one pass over the characters.
/// </summary>
/// <remarks>
/// Fences follow CommonMark 0.31, section 4.5, with two exceptions. Any indentation is allowed, because a fence in a list is indented like
/// the list. A line of tildes right below a text line that is not longer is an underlined heading, as in reStructuredText. An unclosed
/// fence ends at the end of the document, as in CommonMark.
/// </remarks>
/// <param name="output">Receives the normalized text.</param>
/// <param name="isMarkdown">
/// Whether a line such as <c># Title</c> is a heading wherever it is. Otherwise only one between blank lines is: in a script or a
/// configuration it is a comment.
/// </param>
/// <param name="mark">The character that marks headings.</param>
internal sealed class BlockReader(NormalText output, bool isMarkdown, char mark)
{
    private readonly List<TextBlock> _blocks = [];

    // The lines between two blank lines: position and number of each.
    private readonly List<(int Start, int End, string Text)> _lines = [];
    private Fence? _fence;
    private int _firstLine;
    private int _listIndentation;

    /// <summary>Reads a document.</summary>
    /// <returns>Its blocks, in order.</returns>
    public List<TextBlock> Read(string document)
    {
        var lines = new DocumentLines(document);
        while (lines.MoveNext())
            AddLine(lines.Current, lines.Number);
        CloseRun();
        return _blocks;
    }

    /// <summary>Splits a block at its blank lines. Used for a fence that is too long to stay whole.</summary>
    public static IEnumerable<TextBlock> SplitAtBlankLines(string text, TextBlock block)
    {
        int start = -1, end = 0, startLine = 0;
        int line = block.StartLine;
        for (int lineStart = block.Start; lineStart < block.End; line++)
        {
            int length = text.AsSpan(lineStart, block.End - lineStart).IndexOf('\n');
            int lineEnd = length < 0 ? block.End : lineStart + length;
            if (!text.AsSpan(lineStart, lineEnd - lineStart).IsWhiteSpace())
            {
                if (start < 0)
                    (start, startLine) = (lineStart, line);
                end = lineEnd;
            }
            else if (start >= 0)
            {
                yield return Part(start, end, startLine);
                start = -1;
            }

            lineStart = lineEnd + 1;
        }

        if (start >= 0)
            yield return Part(start, end, startLine);

        TextBlock Part(int first, int last, int number) =>
            block with { Start = first, End = last, StartLine = number, Name = null };
    }

    private void AddLine(ReadOnlySpan<char> line, int number)
    {
        if (_fence is { } fence)
        {
            Append(line, number);
            if (fence.IsClosedBy(line))
                CloseRun();
        }
        else if (line.IsWhiteSpace())
        {
            CloseRun();
        }
        else if (Fence.TryOpen(line) is { } opened && !(opened.CouldBeUnderline && IsNoLongerThan(opened.Length)))
        {
            CloseRun();
            _fence = opened;
            Append(line, number);
        }
        else
        {
            Append(line, number);
        }
    }

    private bool IsNoLongerThan(int length) => _lines.Count > 0 && _lines[^1].Text.AsSpan().Trim().Length <= length;

    private void Append(ReadOnlySpan<char> line, int number)
    {
        if (_lines.Count == 0)
            _firstLine = number;
        int start = output.Append(line, number);
        _lines.Add((start, output.Length, _fence is null ? line.ToString() : ""));
    }

    private void CloseRun()
    {
        if (_lines.Count == 0)
            return;
        if (_fence is not null)
        {
            // An unclosed fence includes the blank lines at the end of the document.
            _blocks.Add(new TextBlock(TextBlockKind.Fence, _lines[0].Start, output.EndOfInk(), _firstLine));
        }
        else
        {
            for (int i = 0; i < _lines.Count;)
                i = AddBlock(i);
        }

        _lines.Clear();
        _fence = null;
    }

    /// <summary>Adds the block that begins at a line.</summary>
    /// <returns>The line after it.</returns>
    private int AddBlock(int first)
    {
        if (MarkedLevel(first) is > 0 and var marked)
            return Add(TextBlockKind.Heading, first, first + 1, marked);
        if (UnderlinedLevel(first) is > 0 and var underlined)
            return Add(TextBlockKind.Heading, first, first + 2, underlined);
        if (BeginsTable(first))
            return AddTable(first);
        bool isItem = HeadingLines.IsItem(_lines[first].Text);
        int end = first + 1;
        while (end < _lines.Count && MarkedLevel(end) == 0 && !HeadingLines.IsItem(_lines[end].Text) && (isItem || !BeginsTable(end)))
            end++;
        return Add(IsInList(first, isItem) ? TextBlockKind.ListItem : TextBlockKind.Paragraph, first, end);
    }

    /// <summary>
    /// Whether a block is in a list: it begins an item, or it is a paragraph after an item and indented more than the list. It belongs to that
    /// item then.
    /// </summary>
    private bool IsInList(int line, bool isItem)
    {
        ReadOnlySpan<char> text = _lines[line].Text;
        int indentation = text.Length - text.TrimStart().Length;
        bool follows = _blocks.Count > 0 && _blocks[^1].Kind == TextBlockKind.ListItem;
        if (isItem)
            _listIndentation = follows ? Math.Min(_listIndentation, indentation) : indentation;
        return isItem || (follows && indentation > _listIndentation);
    }

    private int AddTable(int first)
    {
        int end = Add(TextBlockKind.TableHeader, first, first + 2);
        while (end < _lines.Count && _lines[end].Text.Contains('|'))
            end = Add(TextBlockKind.TableRow, end, end + 1);
        return end;
    }

    private bool BeginsTable(int line) =>
        line + 1 < _lines.Count && _lines[line].Text.Contains('|') && HeadingLines.IsTableRule(_lines[line + 1].Text);

    private int MarkedLevel(int line) => isMarkdown || _lines.Count == 1 ? HeadingLines.LevelOf(_lines[line].Text, mark) : 0;

    private int UnderlinedLevel(int line)
    {
        if (line + 1 >= _lines.Count || HeadingLines.IsBullet(_lines[line].Text))
            return 0;
        int level = HeadingLines.LevelOfUnderline(_lines[line + 1].Text);

        // Below a line of dashes may be the rows of a table.
        return level == 1 || line + 2 == _lines.Count ? level : 0;
    }

    private int Add(TextBlockKind kind, int first, int end, int level = 0)
    {
        _blocks.Add(new TextBlock(kind, _lines[first].Start, _lines[end - 1].End, _firstLine + first)
        {
            Level = level,
            Name = level > 0 ? HeadingLines.NameOf(_lines[first].Text) : null,
        });
        return end;
    }
}
