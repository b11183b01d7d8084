using System.Globalization;
using RedisInfer.Chunking;

namespace RedisInfer.Tests.Unit.Chunking;

/// <summary>Chunks know where they are: sections, trails, column names and lead sentences.</summary>
public sealed class SectionTests
{
    private const string Filler = "It has a wheel, a drum and a lamp; this part is oiled every week by whoever is on duty beside the door.";

    [Fact]
    public void NoChunkGoesOverAHeading()
    {
        string section = string.Join("\n\n", Enumerable.Repeat(Filler, 6));
        IReadOnlyList<Chunk> chunks = Split(
            "machines.md", $"# Machines\n\n## Osprey press\n\n{section}\n\nThe limit is 310 bar.\n\n## Heron press\n\n{section}\n\nThe limit is 520 bar.\n");

        Assert.All(chunks, chunk => Assert.False(chunk.Text.Contains("Osprey", StringComparison.Ordinal) && chunk.Text.Contains("Heron", StringComparison.Ordinal)));
        Assert.Equal("Machines > Osprey press", chunks.First(chunk => chunk.Text.Contains("310", StringComparison.Ordinal)).Trail);
        Chunk heron = chunks.First(chunk => chunk.Text.Contains("520", StringComparison.Ordinal));
        Assert.Equal("Machines > Heron press", heron.Trail);
        Assert.StartsWith("# Machines\n## Heron press\n\n", TrailText.Before(heron.Trail, heron.Text));
        Assert.DoesNotContain("310", heron.Text);
    }

    [Theory]
    [InlineData("a.md", "# One\ntext of one\n# Two\ntext of two", "One", "Two")]
    [InlineData("a.rst", "One\n===\n\ntext of one\n\nTwo\n===\n\ntext of two", "One", "Two")]
    [InlineData("a.txt", "1. One\n------\n\ntext of one\n\n2. Two\n------\n\ntext of two", "1. One", "2. Two")]
    [InlineData("a.adoc", "= One\n\ntext of one\n\n= Two\n\ntext of two", "One", "Two")]
    [InlineData("a.md", "## [One](one.html) ##\n\ntext of one\n\n## **Two** `x`\n\ntext of two", "One", "Two x")]
    public void HeadingsOfAllNotationsBeginSections(string path, string text, params string[] trails) =>
        Assert.Equal(trails, Split(path, text).Select(chunk => chunk.Trail));

    [Theory]
    [InlineData("a.conf", "# first\na=1\n# second\nb=2")]
    [InlineData("a.yaml", "# first\na: 1\n# second\nb: 2")]
    [InlineData("a.sh", "# first\n\necho 1\n\n# second\n\necho 2")]
    [InlineData("a.md", "```\n# first\n\n# second\n```")]
    [InlineData("a.txt", "Name  Age\n---------\nBob   31")]
    public void CommentsAreNoHeadings(string path, string text) => Assert.Equal("", Assert.Single(Split(path, text)).Trail);

    [Fact]
    public void SubsectionsStandUnderTheirSections() =>
        Assert.Equal(
            ["Guide", "Guide > A", "Guide > A > B", "Guide > C", "Guide > C > D"],
            Split("a.md", "# Guide\n\nx\n\n## A\n\nx\n\n### B\n\nx\n\n## C\n\nx\n\n#### D\n\nx").Select(chunk => chunk.Trail));

    [Fact]
    public void HeadingThatNamesAMenuIsOnePartOfTheTrail()
    {
        IReadOnlyList<Chunk> chunks = Split("a.md", "# Guide\n\nx\n\n## Settings > Privacy > Logs\n\nThey are off.");

        Assert.Equal("Guide > Settings › Privacy › Logs", chunks[1].Trail);
        Assert.Equal("# Guide\n\n" + chunks[1].Text, TrailText.Before(chunks[1].Trail, chunks[1].Text));
    }

    [Fact]
    public void SectionWithoutTextIsNotLostAndNotMixedWithTheNext() =>
        Assert.Equal(["## A", "## B\n\nx"], Split("a.md", "## A\n\n## B\n\nx").Select(chunk => chunk.Text));

    [Fact]
    public void TitleComesFirstAndOnlyOnce()
    {
        Assert.Equal("Crane order", Assert.Single(new ParagraphChunker().Split(new RagDocument("a.eml", "It is late.") { Title = "Crane order" }, Words)).Trail);
        Assert.Equal("Guide > A", new ParagraphChunker().Split(new RagDocument("a.md", "# Guide\n\nx\n\n## A\n\nx") { Title = "guide" }, Words)[1].Trail, ignoreCase: true);
    }

    [Theory]
    [InlineData(16)]
    [InlineData(40)]
    [InlineData(128)]
    public void TrailCostsAQuarterAtMostAndKeepsTheInnermost(int max)
    {
        string text = "# " + Many("outer", 30) + "\n\n## " + Many("middle", 9) + "\n\n### inner\n\n" + Many("text", 400);

        IReadOnlyList<Chunk> chunks = Split("a.md", text, max);

        Assert.All(chunks, chunk =>
        {
            Assert.EndsWith("inner", chunk.Trail);
            Assert.InRange(Words(TrailText.Headings(chunk.Trail)), 1, max / 4);
            Assert.InRange(Words(TrailText.Before(chunk.Trail, chunk.Text)), 1, max + 60);
        });
        Assert.All(chunks.Skip(2), chunk => Assert.InRange(Words(TrailText.Before(chunk.Trail, chunk.Text)), 1, max));
    }

    [Theory]
    [InlineData("limits.md", "# Limits\n\n| unit | timeout in ms |\n|---|---|\n", "| unit-{0:000} | {1} |\n", "| unit | timeout in ms |")]
    [InlineData("limits.csv", "unit,timeout in ms\n", "unit-{0:000},{1}\n", "unit,timeout in ms")]
    [InlineData("limits.tsv", "unit\ttimeout in ms\r\n", "unit-{0:000}\t{1}\r\n", "unit\ttimeout in ms")]
    [InlineData("limits.md", "The timeouts in ms are old. These are new:\n\n", "- unit-{0:000}: {1}\n", "These are new:")]
    [InlineData("limits.txt", "These are new:\n", "{0}. unit-{0:000}: {1}\n", "These are new:")]
    public void RowsAndItemsStandUnderTheirNames(string path, string head, string row, string names)
    {
        string text = head + string.Concat(Enumerable.Range(0, 200).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, row, i, 1000 + i)));

        IReadOnlyList<Chunk> chunks = Split(path, text, 40);

        Assert.All(chunks, chunk => Assert.Contains(names, chunk.Text, StringComparison.Ordinal));
        Assert.All(chunks, chunk => Assert.InRange(Words(TrailText.Before(chunk.Trail, chunk.Text)), 1, 40));
        Chunk found = Assert.Single(chunks, chunk => chunk.Text.Contains("unit-071", StringComparison.Ordinal));
        string[] lines = text.ReplaceLineEndings("\n").Split('\n');
        Assert.Contains("unit-071", string.Join('\n', lines[(found.StartLine - 1)..found.EndLine]), StringComparison.Ordinal);
        Assert.EndsWith(lines[found.EndLine - 1].TrimEnd(), found.Text);
    }

    [Fact]
    public void RecordWithLineBreaksInQuotesStaysWhole()
    {
        Chunk chunk = Split("a.csv", "name,text\n" + string.Concat(Enumerable.Range(0, 9).Select(i => $"n{i},\"one\n\ntwo {i}\"\n")), 16)[1];

        Assert.StartsWith("name,text\nn", chunk.Text);
        Assert.Equal(0, chunk.Text.Count(c => c == '"') % 2);
    }

    [Theory]
    [InlineData("1,2\n3,4\n", "1,2")]
    [InlineData("a,1\nb,2\n", "a,1")]
    public void FirstRowOfNumbersIsNoHeader(string rows, string first)
    {
        IReadOnlyList<Chunk> chunks = Split("a.csv", string.Concat(Enumerable.Repeat(rows, 40)), 16);

        Assert.StartsWith(first, chunks[0].Text);
        Assert.All(chunks.Skip(1), chunk => Assert.Equal(chunk.EndLine - chunk.StartLine + 1, chunk.Text.Split('\n').Length));
    }

    [Fact]
    public void BlocksOfAReaderAreSectionsWithPages()
    {
        const string Text = "Cranes\n\nThey lift.\n\nA | B\n1 | 2";
        DocumentBlock[] blocks =
        [
            new(DocumentBlockKind.Heading, 0, 6) { Level = 1, Page = 1 }, new(DocumentBlockKind.Paragraph, 8, 10) { Page = 2 },
            new(DocumentBlockKind.TableHeader, 20, 5) { Page = 3 }, new(DocumentBlockKind.TableRow, 26, 5) { Page = 3 },
        ];

        IReadOnlyList<Chunk> chunks = new ParagraphChunker(new ChunkingOptions { MaxTokens = 16 }).Split(
            new RagDocument("a.pdf", Text) { Title = "Manual", Blocks = blocks }, Words);

        Assert.Equal("Manual > Cranes", Assert.Single(chunks).Trail);
        Assert.Equal((Text, 1, 6, 1), (chunks[0].Text, chunks[0].StartLine, chunks[0].EndLine, chunks[0].Page));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("> ")]
    public void WrappedProseIsSplitBetweenItsSentences(string indentation)
    {
        string[] sentences =
            [.. Enumerable.Range(0, 60).Select(i => $"The crane of berth {i} is greased by {(i % 3 == 0 ? "whoever has the early watch on that day" : "its driver")}, not by us.")];
        IReadOnlyList<Chunk> chunks = Split("a.txt", Wrap(string.Join(" ", sentences), indentation, width: 72));

        Assert.True(chunks.Count > 5);
        string[] texts = [.. chunks.Select(chunk => chunk.Text.Replace("> ", "", StringComparison.Ordinal).ReplaceLineEndings(" ").Replace("    ", " ", StringComparison.Ordinal))];
        Assert.All(sentences, sentence => Assert.Contains(texts, text => text.Contains(sentence, StringComparison.Ordinal)));
    }

    [Fact]
    public void LinesThatWereNotWrappedStayWhole()
    {
        string[] lines = [.. Enumerable.Range(0, 80).Select(i => $"10:{i:00} Valve {i} opened. Pressure {(i % 7 == 0 ? "is far too high, so the pump was stopped" : "fell")}. All good.")];

        Assert.All(Split("a.txt", string.Join('\n', lines)).SelectMany(chunk => chunk.Text.Split('\n')), line => Assert.Contains(line, lines));
    }

    [Theory]
    [InlineData("a.md", "1. Grease it.\n\n   Use the thin oil. Never the thick one.\n\n2. {0}")]
    [InlineData("a.txt", "* Grease it.\n\n  Use the thin oil. Never the thick one.\n\n* {0}")]
    [InlineData("a.md", "- Grease it.\n  - The rope too.\n\n  Use the thin oil. Never the thick one.\n\n- {0}")]
    public void ParagraphOfAnItemIsNotTheLeadOfTheNext(string path, string list)
    {
        string text = "Before a shift, do this:\n\n" + string.Format(CultureInfo.InvariantCulture, list, string.Join(" ", Enumerable.Repeat(Filler, 4)));
        IReadOnlyList<Chunk> chunks = Split(path, text);

        Assert.DoesNotContain(chunks.Skip(1), chunk => chunk.Text.Contains("thick", StringComparison.Ordinal) && !chunk.Text.Contains("Use the thin", StringComparison.Ordinal));
        Assert.All(chunks, chunk => Assert.StartsWith("Before a shift", chunk.Text));
    }

    [Fact]
    public void ParagraphsOfAbstractsAreHardlyStoredTwice()
    {
        static int Tokens(ReadOnlySpan<char> text) => (text.Length + 3) / 4;

        var random = new Random(7);
        long stored = 0, whole = 0;
        for (int document = 0; document < 200; document++)
        {
            string sentences = string.Concat(Enumerable.Range(0, 10).Select(_ => Many("protein", random.Next(15, 30)) + ". "));
            string text = (document % 2 == 0 ? "" : "# " + Many("title", 12) + "\n\n") + sentences.TrimEnd();
            whole += Tokens(text);
            stored += new ParagraphChunker().Split(new RagDocument("a.md", text), Tokens).Sum(chunk => Tokens(TrailText.Before(chunk.Trail, chunk.Text)));
        }

        Assert.InRange((double)stored / whole, 1.0, 1.25);
    }

    private static IReadOnlyList<Chunk> Split(string path, string text, int max = 128) =>
        new ParagraphChunker(new ChunkingOptions { MaxTokens = max }).Split(new RagDocument(path, text), Words);

    private static string Wrap(string text, string indentation, int width)
    {
        string wrapped = indentation;
        int length = 0;
        foreach (string word in text.Split(' '))
        {
            bool isFirst = length == 0, fits = length + 1 + word.Length <= width;
            wrapped += isFirst ? word : fits ? " " + word : $"\n{indentation}{word}";
            length = isFirst || !fits ? word.Length : length + 1 + word.Length;
        }

        return wrapped;
    }

    private static int Words(ReadOnlySpan<char> text)
    {
        int words = 0;
        foreach (Range range in text.SplitAny(' ', '\n', '\t', ','))
            words += text[range].IsWhiteSpace() ? 0 : 1;
        return words;
    }

    private static string Many(string word, int times) => string.Join(' ', Enumerable.Repeat(word, times));
}
