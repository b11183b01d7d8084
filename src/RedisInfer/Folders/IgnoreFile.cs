using System.Text;
using RedisInfer.Patterns;

namespace RedisInfer.Folders;

/// <summary>
/// The rules of one ignore file, as Git reads it (gitignore(5)). In a file, the last rule that matches decides. So an answer has three
/// values.
/// </summary>
internal sealed class IgnoreFile
{
    private const int MaxBytes = 1 << 20;
    private readonly string _path;
    private readonly int _prefixLength;
    private readonly List<(int Line, GitPattern Pattern)> _rules = [];

    private IgnoreFile(string path, string prefix, ReadOnlySpan<byte> content, bool ignoreCase)
    {
        _path = path;
        _prefixLength = prefix.Length;
        content = content.StartsWith(Encoding.UTF8.Preamble) ? content[Encoding.UTF8.Preamble.Length..] : content;
        int line = 0;
        foreach (string text in ByteText.Of(content).Split('\n'))
        {
            line++;
            string rule = text.EndsWith('\r') ? text[..^1] : text;
            rule = rule.Split('\0')[0];
            if (rule.Length > 0 && rule[0] != '#' && new GitPattern(rule, ignoreCase) is { CanMatch: true } pattern)
                _rules.Add((line, pattern));
        }
    }

    /// <summary>Reads an ignore file.</summary>
    /// <param name="file">The file. As in Git, it has no rules if it is a link.</param>
    /// <param name="path">Its path for people.</param>
    /// <param name="prefix">Folder that the rules apply to, as <see cref="ByteText"/>; ends in <c>/</c> if it is not empty.</param>
    /// <param name="problem">Why its rules cannot be used, as a sentence; <see langword="null"/> if they can, or there is no file.</param>
    /// <returns>The rules; <see langword="null"/> if there are none.</returns>
    public static IgnoreFile? TryRead(FileInfo file, string path, string prefix, out string? problem)
    {
        problem = null;
        try
        {
            if (!file.Exists)
                return null;
            if (file.LinkTarget is not null)
                problem = "Its rules are not used: as in Git, it must not be a link.";
            else if (file.Length > MaxBytes)
                problem = $"Its rules are not used: it has over {MaxBytes} bytes.";
            if (problem is not null || file.Length == 0)
                return null;

            // Git asks the file system in the same way whether it ignores case.
            bool ignoreCase = File.Exists(Path.Combine(file.DirectoryName!, file.Name.ToUpperInvariant()));
            return new IgnoreFile(path, prefix, File.ReadAllBytes(file.FullName), ignoreCase) is { _rules.Count: > 0 } rules ? rules : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            problem = $"Its rules are not used: {e.Message}";
            return null;
        }
    }

    /// <summary>The last rule that matches a path; <see langword="null"/> if no rule does.</summary>
    /// <param name="path">The path, as <see cref="ByteText"/>; below the folder that the rules apply to.</param>
    /// <param name="isFolder">Whether it is a folder.</param>
    /// <returns>Whether the rule ignores the path or includes it again, and what it is, for people.</returns>
    public (bool Ignores, string Rule)? FindRule(string path, bool isFolder)
    {
        ReadOnlySpan<char> own = path.AsSpan(_prefixLength);
        for (int i = _rules.Count - 1; i >= 0; i--)
        {
            (int line, GitPattern pattern) = _rules[i];
            if (pattern.Matches(own, isFolder))
                return (!pattern.IsNegative, $"{_path}:{line}");
        }

        return null;
    }
}
