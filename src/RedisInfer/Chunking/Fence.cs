namespace RedisInfer.Chunking;

/// <summary>The opening line of a fenced code block: three or more backticks or tildes.</summary>
internal readonly record struct Fence(char Mark, int Length, bool CouldBeUnderline)
{
    private const int MinLength = 3;

    /// <summary>Parses an opening line.</summary>
    /// <returns>The fence; <see langword="null"/> if the line opens none.</returns>
    public static Fence? TryOpen(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> trimmed = line.Trim();
        if (trimmed.IsEmpty || trimmed[0] is not ('`' or '~'))
            return null;

        char mark = trimmed[0];
        int length = RunLength(trimmed, mark);
        ReadOnlySpan<char> info = trimmed[length..];
        // Backticks in the info string mean inline code: ```like this```.
        if (length < MinLength || (mark == '`' && info.Contains('`')))
            return null;
        return new Fence(mark, length, mark == '~' && info.IsEmpty);
    }

    /// <summary>Whether <paramref name="line"/> closes this fence: only the same mark, at least as often.</summary>
    public bool IsClosedBy(ReadOnlySpan<char> line)
    {
        ReadOnlySpan<char> trimmed = line.Trim();
        return trimmed.Length >= Length && RunLength(trimmed, Mark) == trimmed.Length;
    }

    private static int RunLength(ReadOnlySpan<char> text, char mark)
    {
        int other = text.IndexOfAnyExcept(mark);
        return other < 0 ? text.Length : other;
    }
}
