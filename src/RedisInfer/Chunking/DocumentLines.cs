namespace RedisInfer.Chunking;

/// <summary>Enumerates the lines of a text. <c>\n</c>, <c>\r\n</c> and <c>\r</c> end a line; a byte order mark is left out.</summary>
internal ref struct DocumentLines(ReadOnlySpan<char> text)
{
    private const char ByteOrderMark = '\uFEFF';

    private ReadOnlySpan<char> _rest = text is [ByteOrderMark, ..] ? text[1..] : text;

    /// <summary>The line, without its end.</summary>
    public ReadOnlySpan<char> Current { get; private set; }

    /// <summary>Number of the line, from 1.</summary>
    public int Number { get; private set; }

    /// <summary>Goes to the next line.</summary>
    public bool MoveNext()
    {
        if (_rest.IsEmpty)
            return false;
        Number++;
        int length = _rest.IndexOfAny('\r', '\n');
        if (length < 0)
        {
            Current = _rest;
            _rest = default;
            return true;
        }

        Current = _rest[..length];
        bool windows = _rest[length] == '\r' && length + 1 < _rest.Length && _rest[length + 1] == '\n';
        _rest = _rest[(length + (windows ? 2 : 1))..];
        return true;
    }
}
