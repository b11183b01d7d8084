using MAB.DotIgnore;

namespace RedisInfer.Folders;

/// <summary>
/// The rules of one <c>.gitignore</c> file. The rules of a subfolder take precedence over those of the folders above it. In a file, the
/// last rule that matches decides (gitignore(5)). So an answer has three values.
/// </summary>
internal sealed class IgnoreFile
{
    /// <summary>Name of the file.</summary>
    public const string Name = ".gitignore";

    private const int MaxBytes = 1 << 20;
    private readonly int _prefixLength;
    private readonly IgnoreRule[] _rules;

    private IgnoreFile(int prefixLength, IgnoreRule[] rules) => (_prefixLength, _rules) = (prefixLength, rules);

    /// <summary>Reads the file of a folder.</summary>
    /// <param name="folder">Full path of the folder.</param>
    /// <param name="prefixLength">Length of the folder's path in the paths to test, including its last <c>/</c>.</param>
    /// <returns>The rules; <see langword="null"/> if there are none or if they cannot be read.</returns>
    public static IgnoreFile? TryRead(string folder, int prefixLength)
    {
        var file = new FileInfo(Path.Combine(folder, Name));
        try
        {
            if (!file.Exists || file.Length is 0 or > MaxBytes)
                return null;
            IgnoreRule[] rules = [.. File.ReadLines(file.FullName).Select(TryParse).OfType<IgnoreRule>()];
            return rules.Length == 0 ? null : new IgnoreFile(prefixLength, rules);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Same as in Git: an unreadable file has no rules.
            return null;
        }
    }

    /// <summary>Whether a rule ignores the path (true) or includes it again (false); <see langword="null"/> if no rule matches.</summary>
    public bool? Ignores(string path, bool isFolder)
    {
        string own = path[_prefixLength..];
        for (int i = _rules.Length - 1; i >= 0; i--)
        {
            if (_rules[i].IsMatch("/" + own, isFolder))
                return !_rules[i].PatternFlags.HasFlag(PatternFlags.NEGATION);
        }

        return null;
    }

    private static IgnoreRule? TryParse(string line)
    {
        // Git drops spaces at the end of a rule. The library would treat them as part of the name.
        string rule = line.TrimStart('\uFEFF').TrimEnd('\r').TrimEnd(' ');
        if (rule.Length == 0 || rule[0] == '#')
            return null;
        try
        {
            return new IgnoreRule(rule);
        }
        catch (ArgumentException)
        {
            // An invalid pattern, such as "[", matches nothing.
            return null;
        }
    }
}
