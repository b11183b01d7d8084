using System.Text.RegularExpressions;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>No file names the machine it was written on, or the host that its packages come from.</summary>
public sealed partial class WordingTests
{
    private static readonly HashSet<string> TextFiles = new(StringComparer.OrdinalIgnoreCase)
    {
        "", ".cs", ".csproj", ".props", ".targets", ".proj", ".sln", ".nuspec", ".json", ".md", ".txt", ".yml", ".yaml", ".xml", ".sh", ".py",
        ".config", ".editorconfig", ".gitignore", ".gitattributes", ".npmrc", ".toml", ".c", ".h",
    };

    // The person who builds this chooses where packages come from, perhaps a mirror. A name written here would bypass the choice.
    private static readonly string[] RegistryHosts =
    [
        "nuget" + ".org", "npmjs" + ".", "yarnpkg" + ".", "pypi" + ".", "pythonhosted" + ".", "crates" + ".io", "repo.maven" + ".",
        "rubygems" + ".", "proxy.golang" + ".",
    ];

    private static IEnumerable<string> Files => Sources.Files.Where(f => TextFiles.Contains(Path.GetExtension(f)));

    [Fact]
    public void NoFileNamesTheHostOfAPackageRegistry() =>
        Findings.AreNone(Lines().Where(l => RegistryHosts.Any(h => l.Text.Contains(h, StringComparison.OrdinalIgnoreCase))).Select(l => l.ToString()));

    [Fact]
    public void NoFileHoldsAPathOfTheMachineItWasWrittenOn() =>
        Findings.AreNone(Lines().Where(l => MachinePath().IsMatch(l.Text)).Select(l => l.ToString()));

    [Theory]
    [InlineData("see /" + "work/main/file", true)]
    [InlineData("\"/" + "root/.cache\"", true)]
    [InlineData("C:\\" + "Users\\someone\\model.gguf", true)]
    [InlineData("docs/work/page.md", false)]
    [InlineData("https://example.com/work/page", false)]
    [InlineData("/var/lib/redisinfer", false)]
    public void PathsOfAMachineAreToldFromOthers(string text, bool expected) => Assert.Equal(expected, MachinePath().IsMatch(text));

    private static IEnumerable<(string Place, string Text)> Lines()
    {
        foreach (string file in Files)
        {
            string[] lines = Sources.Read(file).Split('\n');
            for (int i = 0; i < lines.Length; i++)
                yield return ($"{file}:{i + 1}", lines[i]);
        }
    }

    [GeneratedRegex(@"(?<![\w.\-/])/(work|root|home/\w+|Users/\w+)/|[A-Z]:\\Users\\")]
    private static partial Regex MachinePath();
}
