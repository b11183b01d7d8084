using RedisInfer.Patterns;

namespace RedisInfer.Tests.Unit.Patterns;

/// <summary>Each expectation is Git's answer. GitIgnoreProperties asks Git itself about random rules.</summary>
public sealed class GitPatternTests
{
    [Theory]
    [InlineData("foo", "foo", true)]
    [InlineData("foo", "a/foo", true)]
    [InlineData("/foo", "a/foo", false)]
    [InlineData("a/foo", "b/a/foo", false)]
    [InlineData("*.md", "a/b.md", true)]
    [InlineData("/*.md", "a/b.md", false)]
    [InlineData("a/*.md", "a/b/c.md", false)]
    [InlineData("**/b", "b", true)]
    [InlineData("**/b", "a/c/b", true)]
    [InlineData("a/**/b", "a/b", true)]
    [InlineData("a/**/b", "a/x/y/b", true)]
    [InlineData("a/**/b", "ab", false)]
    [InlineData("a/**", "a/x/y", true)]
    [InlineData("a/**", "a", false)]
    [InlineData("a**/b", "ac/b", true)]
    [InlineData("a**/b", "ac/d/b", true)]
    [InlineData("*a**/b", "xac/d/b", false)]
    [InlineData("foo ", "foo", true)]
    [InlineData("foo\\ ", "foo ", true)]
    [InlineData("foo\\ ", "foo", false)]
    [InlineData("foo\\\\ ", "foo\\", true)]
    [InlineData("foo\t", "foo", false)]
    [InlineData("\\#x", "#x", true)]
    [InlineData("\\!x", "!x", true)]
    [InlineData("a?c", "a/c", false)]
    [InlineData("a[/]c", "a/c", false)]
    [InlineData("[!a]b", "cb", true)]
    [InlineData("[^a]b", "ab", false)]
    [InlineData("[]a]", "]", true)]
    [InlineData("[a-]", "-", true)]
    [InlineData("[z-a]", "z", true)]
    [InlineData("[z-a]", "b", false)]
    [InlineData("[\\]]", "]", true)]
    [InlineData("[[:digit:][:upper:]]", "7", true)]
    [InlineData("[[:digit:][:upper:]]", "x", false)]
    [InlineData("[[:space:]]", "\v", false)]
    [InlineData("[[:]", ":", true)]
    [InlineData("?", "é", true)]
    [InlineData("?", "😀", true)]
    public void PatternsMatchAsInGit(string pattern, string path, bool matches) =>
        Assert.Equal(matches, new GitPattern(pattern).Matches(path, isFolder: false));

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("!")]
    [InlineData("[a")]
    [InlineData("[[:none:]]")]
    [InlineData("a\\")]
    public void SomePatternsCannotMatch(string pattern) => Assert.False(new GitPattern(pattern).CanMatch);

    [Theory]
    [InlineData("[A-Z]", true)]
    [InlineData("[[:upper:]]", true)]
    [InlineData("[X]", false)]
    [InlineData("X", true)]
    public void CaseIsIgnoredIfTheFileSystemDoes(string pattern, bool matches)
    {
        Assert.Equal(matches, new GitPattern(pattern, ignoreCase: true).Matches("x", isFolder: false));
        Assert.False(new GitPattern(pattern).Matches("x", isFolder: false));
    }

    // Without a limit of the work, each of these would take years.
    [Theory]
    [InlineData("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b")]
    [InlineData("**/a*/**/a*/**/a*/**/a*/**/a*/**/a*/**/a*/**/a*/**/b")]
    [InlineData("/**\\/*a*a*a*a/**\\/*a*a*a*a/**\\/*a*a*a/b")]
    public void NoPatternTakesLong(string pattern)
    {
        string path = string.Join('/', Enumerable.Repeat(new string('a', 60), 16));

        Assert.False(new GitPattern(pattern).Matches(path, isFolder: false));
    }

    [Theory]
    [InlineData("guides/", "guides/api/keys.md", true)]
    [InlineData("/guides/", "guides/backup.md", true)]
    [InlineData("/guides/", "other/guides/backup.md", false)]
    [InlineData("guides/api", "guides/api/keys.md", true)]
    [InlineData("guides/**/", "guides/api/keys.md", true)]
    [InlineData("guides/**/", "guides/backup.md", false)]
    [InlineData("/*.md", "guides/backup.md", false)]
    [InlineData("/*.md", "top.md", true)]
    [InlineData("app/\\[slug\\]/page.md", "app/[slug]/page.md", true)]
    [InlineData("backup.md/", "guides/backup.md", false)]
    public void PatternOfAFilterAlsoMatchesWhatItsFoldersContain(string pattern, string path, bool matches)
    {
        Assert.Null(PathPattern.FindProblem(pattern));
        Assert.Equal(matches, new GitPattern(pattern).MatchesWithin(path));
    }

    [Theory]
    [InlineData("./guides/**", "Write guides/**")]
    [InlineData("guides/../x.md", "'..'")]
    [InlineData("guides//x.md", "empty folder name")]
    [InlineData("//guides", "empty folder name")]
    [InlineData("/", "no file or folder")]
    [InlineData("//", "empty folder name")]
    [InlineData(" ", "guides/**/*.md")]
    [InlineData("*.{md,txt}", "one pattern for each")]
    [InlineData("a{1..3}", "one pattern for each")]
    [InlineData("*.@(md|txt)", "one pattern for each")]
    [InlineData("guides\\api", "Write '/'")]
    [InlineData("a[b", "Close its bracket")]
    [InlineData("[[:letter:]]", "a class that exists")]
    [InlineData("a\\", "backslash at its end")]
    [InlineData("!x", "exclude")]
    [InlineData("#x", "comment")]
    [InlineData("a\0", "nothing")]
    public void PatternWithoutMeaningIsRefusedWithAdvice(string pattern, string advice)
    {
        string? problem = new RagFilter { Paths = [pattern] }.FindProblem();

        Assert.NotNull(problem);
        Assert.StartsWith($"'{pattern}' is not a path pattern", problem, StringComparison.Ordinal);
        Assert.Contains(advice, problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{x}.md")]
    [InlineData("\\{a,b\\}.md")]
    [InlineData("[{]a,b}.md")]
    [InlineData("a (1|2).md")]
    [InlineData(".hidden/x")]
    [InlineData("...")]
    public void UnusualNamesCanBeNamed(string pattern) => Assert.Null(PathPattern.FindProblem(pattern));
}
