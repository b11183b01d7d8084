using System.Text.RegularExpressions;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>
/// The C# in README and docs compiles. Each block is, word for word, in a file of tests/Unit/Snippets, which is compiled with
/// these tests.
/// </summary>
public sealed partial class SnippetTests
{
    private const string Folder = "tests/Unit/Snippets";

    [Fact]
    public void EveryCSharpBlockOfTheDocsIsCompiled()
    {
        string[] compiled = [.. Sources.Under(Folder).Select(f => Normalize(f.Root.ToFullString()))];

        Findings.AreNone(Blocks()
            .Where(b => !compiled.Any(c => Holds(c, b.Code)))
            .Select(b => $"{b.File}: no file of {Folder} holds this block:\n{b.Code}"));
    }

    [Fact]
    public void EverySnippetIsShownSomewhere()
    {
        string[] shown = [.. Blocks().Select(b => b.Code)];

        Findings.AreNone(Sources.Under(Folder)
            .Where(f => !shown.Any(code => Holds(Normalize(f.Root.ToFullString()), code)))
            .Select(f => $"{f.Path}: no page shows it"));
    }

    [Theory]
    [InlineData("int x = 1;", true)]
    [InlineData("using System.Text;\n\nint   x\n= 1;", true)]
    [InlineData("using System.Net;\n\nint x = 1;", false)]
    [InlineData("int x = 2;", false)]
    public void ABlockIsFoundWhateverItsIndentation(string block, bool expected) =>
        Assert.Equal(expected, Holds(Normalize("using System.Text;\nclass C\n{\n    void M()\n    {\n        int x = 1;\n    }\n}\n"), block));

    // Leading using lines must be at the top of the file. The rest may be in a method further down.
    private static bool Holds(string compiled, string block)
    {
        string[] lines = block.Split('\n');
        int body = Array.FindIndex(lines, l => l.Trim().Length > 0 && !UsingLine().IsMatch(l));
        IEnumerable<string> usings = lines.Take(body < 0 ? lines.Length : body).Where(l => l.Trim().Length > 0);
        return usings.All(u => compiled.Contains(Normalize(u), StringComparison.Ordinal))
            && (body < 0 || compiled.Contains(Normalize(string.Join('\n', lines.Skip(body))), StringComparison.Ordinal));
    }

    private static IEnumerable<(string File, string Code)> Blocks() =>
        from file in Sources.Files
        where file.EndsWith(".md", StringComparison.Ordinal)
        where !file.Contains('/') || file.StartsWith("docs/", StringComparison.Ordinal) || file.StartsWith("src/", StringComparison.Ordinal)
        from Match match in Block().Matches(Sources.Read(file).ReplaceLineEndings("\n"))
        select (file, match.Groups["code"].Value);

    private static string Normalize(string code) => WhiteSpace().Replace(code, " ").Trim();

    [GeneratedRegex(@"^```(csharp|cs|c#)[^\n]*\n(?<code>.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.IgnoreCase)]
    private static partial Regex Block();

    [GeneratedRegex(@"^\s*using\s+(static\s+)?[\w.]+;\s*$")]
    private static partial Regex UsingLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();
}
