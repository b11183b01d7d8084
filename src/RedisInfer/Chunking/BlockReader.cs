using System.Text;

namespace RedisInfer.Chunking;

/// <summary>
/// First pass over a document: finds its blocks and normalizes the text. Normalized text has no byte order mark, <c>\n</c> as line end, and
/// one blank line between blocks. Always one pass over the characters.
/// </summary>
/// <remarks>
/// Fences follow CommonMark 0.31, section 4.5, with two exceptions. Any indentation is allowed, because a fence in a list is indented like
/// the list. A line of tildes right below a text line that is not longer is an underlined heading, as in reStructuredText. An unclosed
/// fence ends at the end of the document, as in CommonMark.
/// </remarks>
internal sealed class BlockReader
{
    private readonly StringBuilder _text;
    private readonly List<TextBlock> _blocks = [];
    private readonly BlockLines _open = new();
    private Fence? _fence;
    private int _lastLine;

    private BlockReader(int capacity) => _text = new StringBuilder(capacity);

    /// <summary>Reads <paramref name="document"/>.</summary>
    /// <returns>The normalized text and its blocks, in order.</returns>
    public static (string Text, IReadOnlyList<TextBlock> Blocks) Read(string document)
    {
        var reader = new BlockReader(document.Length);
        ReadOnlySpan<char> rest = document;
        if (rest is ['\uFEFF', ..])
            rest = rest[1..];
        for (int line = 1; !rest.IsEmpty; line++)
            reader.AddLine(TakeLine(ref rest), line);
        reader.CloseBlock();
        return (reader._text.ToString(), reader._blocks);
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
                yield return new TextBlock(TextBlockKind.Paragraph, start, end, startLine);
                start = -1;
            }

            lineStart = lineEnd + 1;
        }

        if (start >= 0)
            yield return new TextBlock(TextBlockKind.Paragraph, start, end, startLine);
    }

    private static ReadOnlySpan<char> TakeLine(ref ReadOnlySpan<char> rest)
    {
        int length = rest.IndexOfAny('\r', '\n');
        if (length < 0)
        {
            ReadOnlySpan<char> last = rest;
            rest = default;
            return last;
        }

        ReadOnlySpan<char> line = rest[..length];
        bool windows = rest[length] == '\r' && length + 1 < rest.Length && rest[length + 1] == '\n';
        rest = rest[(length + (windows ? 2 : 1))..];
        return line;
    }

    private void AddLine(ReadOnlySpan<char> line, int number)
    {
        if (_fence is { } fence)
        {
            Append(line, number);
            if (fence.IsClosedBy(line))
                CloseBlock();
        }
        else if (line.IsWhiteSpace())
        {
            CloseBlock();
        }
        else if (Fence.TryOpen(line) is { } opened && !(opened.CouldBeUnderline && _open.LastLineIsNoLongerThan(opened.Length)))
        {
            CloseBlock();
            _fence = opened;
            Append(line, number);
        }
        else
        {
            Append(line, number);
        }
    }

    private void Append(ReadOnlySpan<char> line, int number)
    {
        if (_open.Count > 0)
            _text.Append('\n');
        else if (_blocks.Count > 0)
            // A block that follows without a blank line, as a fence may, gets no blank line here.
            _text.Append(number == _lastLine + 1 ? "\n" : "\n\n");
        _open.Add(line, _text.Length, number);
        _text.Append(line);
        _lastLine = number;
    }

    private void CloseBlock()
    {
        if (_open.Count == 0)
            return;

        if (_fence is not null)
        {
            _blocks.Add(new TextBlock(TextBlockKind.Fence, _open.Start, EndOfInk(), _open.StartLine));
        }
        else if (_open.IsHeading)
        {
            _blocks.Add(new TextBlock(TextBlockKind.Heading, _open.Start, _text.Length, _open.StartLine));
        }
        else if (_open.TrailingHeading is { } heading)
        {
            // "text\n# Heading\n\n": the heading belongs to the text after it.
            _blocks.Add(new TextBlock(TextBlockKind.Paragraph, _open.Start, heading.Start - 1, _open.StartLine));
            _blocks.Add(new TextBlock(TextBlockKind.Heading, heading.Start, _text.Length, heading.Line));
        }
        else
        {
            _blocks.Add(new TextBlock(TextBlockKind.Paragraph, _open.Start, _text.Length, _open.StartLine));
        }

        _open.Clear();
        _fence = null;
    }

    /// <summary>
    /// End of the block without trailing white space: an unclosed fence includes the blank lines at the end of the document.
    /// </summary>
    private int EndOfInk()
    {
        int end = _text.Length;
        while (char.IsWhiteSpace(_text[end - 1]))
            end--;
        return end;
    }
}
