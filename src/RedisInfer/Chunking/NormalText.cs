using System.Text;

namespace RedisInfer.Chunking;

/// <summary>
/// Collects the normalized text of a document: no byte order mark, <c>\n</c> as line end, and one blank line instead of several. Lines of a
/// block follow each other without gaps.
/// </summary>
internal sealed class NormalText(int capacity)
{
    private readonly StringBuilder _text = new(capacity);
    private int _lastLine;

    /// <summary>One past the last character.</summary>
    public int Length => _text.Length;

    /// <summary>Appends a line.</summary>
    /// <param name="line">The line, without its end.</param>
    /// <param name="number">Its number in the document, from 1, not below that of the line before.</param>
    /// <returns>Its position in the normalized text.</returns>
    public int Append(ReadOnlySpan<char> line, int number)
    {
        if (_lastLine > 0)
            _text.Append(number > _lastLine + 1 ? "\n\n" : "\n");
        int start = _text.Length;
        _text.Append(line);
        _lastLine = number;
        return start;
    }

    /// <summary>A part of the text.</summary>
    public string Slice(int start, int end) => _text.ToString(start, end - start);

    /// <summary>Position after the last character that is no white space.</summary>
    public int EndOfInk()
    {
        int end = _text.Length;
        while (end > 0 && char.IsWhiteSpace(_text[end - 1]))
            end--;
        return end;
    }

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();
}
