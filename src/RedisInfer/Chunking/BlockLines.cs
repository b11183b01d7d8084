namespace RedisInfer.Chunking;

/// <summary>What the lines of the block being read say about it: where it starts, and whether it is or ends in a heading.</summary>
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

    /// <summary>Where the block starts in the normalised text.</summary>
    public int Start { get; private set; }

    /// <summary>The document's line it starts at.</summary>
    public int StartLine { get; private set; }

    /// <summary>Whether it is nothing but headings: lines of <c># text</c>, or a text line underlined.</summary>
    public bool IsHeading => _onlyHeadings || (Count == 2 && _lastIsUnderline);

    /// <summary>The last line, if it is a heading and the lines above it are not.</summary>
    public (int Start, int Line)? TrailingHeading => _lastIsHeading && !_onlyHeadings ? (_lastStart, _lastLine) : null;

    /// <summary>Takes the next line.</summary>
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

    /// <summary>Whether there is a last line that an underline of this length would cover.</summary>
    public bool LastLineIsNoLongerThan(int length) => Count > 0 && _lastLength <= length;

    /// <summary>Forgets the block.</summary>
    public void Clear() => Count = 0;

    // CommonMark 0.31, section 4.2: one to six hashes, then a space and a title. "#include" and "#!" are none.
    private static bool IsHash(ReadOnlySpan<char> line)
    {
        int hashes = line.IndexOfAnyExcept('#');
        return hashes is >= 1 and <= 6 && line[hashes] is ' ' or '\t';
    }
}
