namespace RedisInfer.Chunking;

/// <summary>State of the block that is being read: where it starts, and whether it is a heading or ends in one.</summary>
internal sealed class BlockLines
{
    private const string Underlines = "=-~^";
    private bool _onlyHeadings;
    private bool _lastIsUnderline;
    private bool _lastIsHeading;
    private int _lastStart;
    private int _lastLine;
    private int _lastLength;

    /// <summary>Number of lines so far.</summary>
    public int Count { get; private set; }

    /// <summary>Start of the block in the normalized text.</summary>
    public int Start { get; private set; }

    /// <summary>First line of the block in the document.</summary>
    public int StartLine { get; private set; }

    /// <summary>Whether the block consists of headings only: lines of <c># text</c>, or an underlined text line.</summary>
    public bool IsHeading => _onlyHeadings || (Count == 2 && _lastIsUnderline);

    /// <summary>The last line, if it is a heading and the lines above it are not.</summary>
    public (int Start, int Line)? TrailingHeading => _lastIsHeading && !_onlyHeadings ? (_lastStart, _lastLine) : null;

    /// <summary>Adds the next line.</summary>
    public void Add(ReadOnlySpan<char> line, int start, int number)
    {
        ReadOnlySpan<char> trimmed = line.Trim();
        if (Count == 0)
            (Start, StartLine, _onlyHeadings) = (start, number, true);
        _lastIsHeading = IsHash(trimmed);
        _lastIsUnderline = trimmed.Length > 1 && Underlines.Contains(trimmed[0]) && trimmed.IndexOfAnyExcept(trimmed[0]) < 0;
        _onlyHeadings &= _lastIsHeading;
        (_lastStart, _lastLine, _lastLength) = (start, number, trimmed.Length);
        Count++;
    }

    /// <summary>Whether the block has a last line, and an underline of this length would cover it.</summary>
    public bool LastLineIsNoLongerThan(int length) => Count > 0 && _lastLength <= length;

    /// <summary>Starts a new block.</summary>
    public void Clear() => Count = 0;

    // CommonMark 0.31, section 4.2: one to six hashes, then a space and a title. "#include" and "#!" are not headings.
    private static bool IsHash(ReadOnlySpan<char> line)
    {
        int hashes = line.IndexOfAnyExcept('#');
        return hashes is >= 1 and <= 6 && line[hashes] is ' ' or '\t';
    }
}
