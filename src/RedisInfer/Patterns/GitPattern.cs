namespace RedisInfer.Patterns;

/// <summary>
/// One pattern with the meaning of gitignore(5). Compares character by character: patterns and paths are either both text, or both bytes,
/// one character each.
/// </summary>
internal sealed class GitPattern
{
    private readonly Wildcard? _wildcard;
    private readonly bool _isName;
    private readonly bool _mustBeFolder;

    /// <summary>Reads a pattern.</summary>
    /// <param name="line">The line of the file, without its line end; not a comment.</param>
    /// <param name="ignoreCase">Whether ASCII letters match in both cases.</param>
    public GitPattern(string line, bool ignoreCase = false)
    {
        ReadOnlySpan<char> pattern = WithoutTrailingSpaces(line);
        IsNegative = pattern.StartsWith('!');
        pattern = IsNegative ? pattern[1..] : pattern;
        _mustBeFolder = pattern.EndsWith('/');
        pattern = _mustBeFolder ? pattern[..^1] : pattern;
        _isName = !pattern.Contains('/');
        pattern = pattern.StartsWith('/') ? pattern[1..] : pattern;

        // Git compares the characters before the first wildcard by themselves. So in "foo**/bar", the stars begin a segment.
        int wildcard = pattern.IndexOfAny("*?[\\");
        int literal = wildcard < 0 ? pattern.Length : wildcard;
        _wildcard = pattern.IsEmpty ? null : Wildcard.TryParse(pattern[..literal], pattern[literal..], ignoreCase);
    }

    /// <summary>Whether it includes what it matches again.</summary>
    public bool IsNegative { get; }

    /// <summary>Whether it can match a path at all. It cannot if it is empty, or ends in an open bracket or a single backslash.</summary>
    public bool CanMatch => _wildcard is not null;

    /// <summary>Whether the pattern matches a file or folder itself.</summary>
    /// <param name="path">Its path relative to the folder of the pattern, with <c>/</c> as separator and not at the end.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    public bool Matches(ReadOnlySpan<char> path, bool isFolder) =>
        (isFolder || !_mustBeFolder)
        && _wildcard is not null
        && _wildcard.Matches(_isName ? path[(path.LastIndexOf('/') + 1)..] : path);

    /// <summary>Whether the pattern matches a file or one of the folders that contain it.</summary>
    /// <param name="path">As for <see cref="Matches"/>.</param>
    public bool MatchesWithin(ReadOnlySpan<char> path)
    {
        for (int end = path.IndexOf('/'), next; end >= 0; end = next < 0 ? -1 : end + 1 + next)
        {
            if (Matches(path[..end], isFolder: true))
                return true;
            next = path[(end + 1)..].IndexOf('/');
        }

        return Matches(path, isFolder: false);
    }

    /// <summary>Removes spaces at the end, except those after a backslash.</summary>
    private static ReadOnlySpan<char> WithoutTrailingSpaces(ReadOnlySpan<char> line)
    {
        int end = 0;
        for (int i = 0; i < line.Length; i++)
        {
            bool isSpace = line[i] == ' ';
            if (line[i] == '\\' && ++i == line.Length)
                return line;
            end = isSpace ? end : i + 1;
        }

        return line[..end];
    }
}
