namespace RedisInfer.Patterns;

/// <summary>Explains path patterns that Git has no meaning for, or that can match no document.</summary>
internal static class PathPattern
{
    // A pattern as long as the longest path of a document can name it.
    private const int MaxLength = 1024;

    /// <summary>What is wrong with a pattern, as a sentence; <see langword="null"/> if nothing is.</summary>
    public static string? FindProblem(string? pattern)
    {
        if (string.IsNullOrWhiteSpace(pattern))
            return $"'{pattern}' is not a path pattern: use one such as guides/**/*.md.";
        if (pattern.Length > MaxLength)
            return $"A path pattern has {pattern.Length} characters: use at most {MaxLength}.";
        return (FindMistakeInFolders(pattern) ?? FindMistakeInNames(pattern)) is { } mistake
            ? $"'{pattern}' is not a path pattern: {mistake}"
            : null;
    }

    private static string? FindMistakeInFolders(string pattern)
    {
        string[] segments = pattern.Split('/');
        int first = segments[0].Length == 0 ? 1 : 0;
        int count = segments.Length - first - (segments[^1].Length == 0 ? 1 : 0);
        if (count <= 0)
            return "it names no file or folder. Leave out the patterns to allow all paths.";
        ArraySegment<string> names = new(segments, first, count);
        if (names.Contains(""))
            return "no path has an empty folder name. Write one '/' between names.";
        if (names.Contains(".."))
            return "no path contains '..'. Write the path from the root of the corpus.";
        return names.Contains(".")
            ? $"no path contains '.'. Write {string.Join('/', segments.Where(segment => segment != "."))}"
            : null;
    }

    private static string? FindMistakeInNames(string pattern)
    {
        switch (pattern[0])
        {
            case '!':
                return "it would exclude. Write \\! if the name begins with '!'.";
            case '#':
                return "it would be a comment. Write \\# if the name begins with '#'.";
        }

        if (pattern.Contains('\0', StringComparison.Ordinal) || !new GitPattern(pattern).CanMatch)
            return "it can match nothing. Close its bracket, name a class that exists, or remove the backslash at its end.";
        for (int i = 0; i < pattern.Length; i++)
        {
            string rest = pattern[(i + 1)..];
            switch (pattern[i])
            {
                case '\\' when char.IsLetterOrDigit(rest[0]):
                    return "a backslash does not separate folders. Write '/'.";
                case '\\':
                    i++;
                    break;
                case '[':
                    int end = i + 1;
                    i = CharacterClass.TryRead(pattern, ref end) is null ? i : end - 1;
                    break;
                case '{' when IsAlternative(rest, '}', ",", ".."):
                case '(' when i > 0 && "?*+@".Contains(pattern[i - 1], StringComparison.Ordinal) && IsAlternative(rest, ')', "|"):
                    return "Git patterns have no alternatives. Give one pattern for each, or write \\{ if the name contains it.";
            }
        }

        return null;
    }

    private static bool IsAlternative(string rest, char close, params ReadOnlySpan<string> separators)
    {
        int end = rest.IndexOf(close, StringComparison.Ordinal);
        foreach (string separator in separators)
        {
            if (end > 0 && rest[..end].Contains(separator, StringComparison.Ordinal))
                return true;
        }

        return false;
    }
}
