using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using RedisInfer.Folders;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Property.Folders;

/// <summary>Of random trees with random ignore files, exactly the files are read that Git lists.</summary>
public sealed class GitIgnoreProperties
{
    // Each case is a folder of one repository, so that Git is started once for all of them.
    private const int Cases = 120;
    private const int MaxDepth = 3;

    private static readonly string[] Names =
    [
        "a", "b", "ab", "foo", "foo ", "a b", "b ", "é", "ü.md", "[x]", "x.md", "y.md", ".hidden", "A", "Foo", "build", "docs", "*", "a*", "?",
        "\\", "#x", "!y", "a-b", "c1", "a]", "日本.txt", "foobar", "barfoo", "x,y", "{a}", "a\tb", " lead",
    ];

    private static readonly string[] PartsOfRules =
    [
        "a", "b", "foo", "bar", "*", "*", "**", "**/", "/**", "**/", "/", "?", "[a-c]", "[!a]", "[^b]", "[[:alpha:]]", "[[:space:]]",
        "[[:punct:]]", "[]a]", "[a-", "[z-a]", "[\\]]", "[[:foo:]]", "[a-]", "[--b]", "[[:upper:][:digit:]]", "[A-Z]", "\\", "\\ ", " ", "!",
        "#", "\\#", "\\!", "\t", "é", "?", ".md", "*.md", "x", "docs/", "build", "日", "[é]", "c1", "[[]", "\\*", "\\?", "\\\\", "[!]a]",
        "[[:]", "[\\a-c]", "[a-\\c]",
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task FilesThatAreReadAreThoseThatGitLists(int seed)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows does not allow these file names.");
        using var repository = new TempFolder();
        var random = new Random(seed);
        await RunGitAsync(repository.Path, "init", "--quiet");
        for (int i = 0; i < Cases; i++)
            MakeTree(repository[$"c{i}"], depth: 0, random);
        Directory.CreateDirectory(repository[".git/info"]);
        File.WriteAllText(repository[".git/info/exclude"], "c*/**/barfoo\nA\n!c1*/A\n");

        string listed = await RunGitAsync(repository.Path, "ls-files", "--others", "--exclude-standard", "-z");

        FolderItem[] items = [.. new FolderWalker(repository.Path, new FileTreeOptions { IncludeHidden = true }).Walk()];
        string[] expected = [.. listed.Split('\0', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)];
        Assert.Equal(expected, items.Where(item => !item.IsLeftOut).Select(item => item.Path).Order(StringComparer.Ordinal));
        Assert.True(items.Count(item => item.IsLeftOut) > Cases, "The rules ignored too little to show anything.");
    }

    private static void MakeTree(string folder, int depth, Random random)
    {
        Directory.CreateDirectory(folder);
        for (int i = random.Next(3, 9); i > 0; i--)
        {
            string path = Path.Combine(folder, Pick(Names, random));
            if (Path.Exists(path))
                continue;
            if (depth < MaxDepth && random.Next(2) == 0)
                MakeTree(path, depth + 1, random);
            else
                File.WriteAllText(path, "x");
        }

        if (depth == 0 || random.Next(4) == 0)
            File.WriteAllBytes(Path.Combine(folder, ".gitignore"), MakeRules(random));
    }

    private static byte[] MakeRules(Random random)
    {
        var text = new StringBuilder(random.Next(20) == 0 ? "\uFEFF" : "");
        int count = random.Next(1, 6);
        for (int i = 1; i <= count; i++)
        {
            bool isLastWithoutEnd = i == count && random.Next(2) == 0;
            text.Append(MakeRule(random)).Append(random.Next(8) == 0 ? "\r\n" : isLastWithoutEnd ? "" : "\n");
        }

        // Rules need not be UTF-8, and end at a NUL.
        byte[] bytes = (random.Next(30) == 0 ? Encoding.Latin1 : Encoding.UTF8).GetBytes(text.ToString());
        if (random.Next(30) == 0)
            bytes[random.Next(bytes.Length)] = 0;
        return bytes;
    }

    private static string MakeRule(Random random)
    {
        switch (random.Next(8))
        {
            case 0:
                return "!" + Pick(Names, random);
            case 1:
                return (random.Next(2) == 0 ? "/" : "") + Pick(Names, random) + (random.Next(2) == 0 ? "/" : "");
        }

        string rule = random.Next(5) == 0 ? "!" : "";
        for (int i = random.Next(1, 6); i > 0; i--)
            rule += Pick(PartsOfRules, random);
        return rule;
    }

    private static string Pick(string[] from, Random random) => from[random.Next(from.Length)];

    private static async Task<string> RunGitAsync(string folder, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            StandardOutputEncoding = Encoding.UTF8,
        };

        // Without the rules of this machine and its user.
        start.Environment["GIT_CONFIG_GLOBAL"] = "/dev/null";
        start.Environment["GIT_CONFIG_NOSYSTEM"] = "1";
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (Win32Exception e)
        {
            Assert.Skip($"Git is not installed: {e.Message}");
            throw;
        }

        using (process)
        {
            string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(0, process.ExitCode);
            return output;
        }
    }
}
