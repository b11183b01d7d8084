using RedisInfer.Chunking;
using RedisInfer.Tests.Support.Chunking;

namespace RedisInfer.Tests.Unit.Chunking;

public sealed class ParagraphChunkerTests
{
    [Theory]
    [InlineData("")]
    [InlineData(" \t\r\n\r\n \u00A0")]
    [InlineData("\uFEFF\n")]
    public void SplitOfWhiteSpaceGivesNoChunks(string text) => Assert.Empty(Split(text));

    [Fact]
    public void ShortTextIsOneChunkWithItsLines() =>
        Assert.Equal([new Chunk(0, "one\ntwo\n\nthree", 2, 6)], Split("\none\ntwo\n\n\nthree\n"));

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    [InlineData("\r")]
    public void LineNumbersAreRightWithAnyLineEnd(string end)
    {
        string text = string.Join(end, "\uFEFFa", "", "  ", Repeat("b", 12), "", Repeat("c", 12), "", "d");

        Assert.Equal(
            [
                new Chunk(0, "a\n\n" + Repeat("b", 12), 1, 4),
                new Chunk(1, Repeat("c", 12) + "\n\nd", 6, 8),
            ],
            Split(text, max: 16, overlap: 0));
    }

    [Fact]
    public void LastParagraphIsRepeatedAtTheStartOfTheNextChunk()
    {
        string text = string.Join("\n\n", Enumerable.Range(0, 6).Select(i => $"p{i} " + Repeat("w", 5)));

        IReadOnlyList<Chunk> chunks = Split(text, max: 24);

        Assert.Equal([(1, 7), (7, 11)], chunks.Select(chunk => (chunk.StartLine, chunk.EndLine)));
    }

    [Fact]
    public void FenceWithBlankLinesStaysWholeWhereItFits()
    {
        string fence = "```cs\n" + Repeat("a", 6) + "\n\n" + Repeat("b", 6) + "\n```";

        Assert.Equal(
            [fence, "after it " + Repeat("c", 6)],
            Split(fence + "\n\nafter it " + Repeat("c", 6), max: 16).Select(chunk => chunk.Text));
    }

    [Fact]
    public void ShorterFenceInsideALongerOneDoesNotCloseIt()
    {
        string fence = "````md\n```\n\nx\n\n```\n````";

        Assert.Equal([fence + "\n\nend"], Split(fence + "\n\nend").Select(chunk => chunk.Text));
        Assert.Equal(fence, Split(fence + "\n\n" + Repeat("w", 14), max: 16, overlap: 0)[0].Text);
    }

    [Fact]
    public void FenceOverTheCeilingIsCutAtItsBlankLinesAndTextBehindItIsNoFence()
    {
        string text = "```\n" + Repeat("a", 10) + "\n\n" + Repeat("b", 10) + "\n```\n\n" + Repeat("c", 10) + "\n\n" + Repeat("d", 10);

        Assert.Equal(
            ["```\n" + Repeat("a", 10), Repeat("b", 10) + "\n```", Repeat("c", 10), Repeat("d", 10)],
            Split(text, max: 16, overlap: 0).Select(chunk => chunk.Text));
    }

    [Fact]
    public void FenceThatIsNeverClosedRunsToTheEnd() =>
        Assert.Equal(["```\na\n\nb"], Split("```\na\n\nb\n\n\n").Select(chunk => chunk.Text));

    [Theory]
    [InlineData("# Heading")]
    [InlineData("Heading\n=======")]
    [InlineData("Heading\n~~~~~~~")]
    [InlineData("# Heading\n\n## Below it")]
    public void HeadingStaysWithTheParagraphAfterIt(string heading)
    {
        string text = Repeat("a", 12) + "\n\n" + heading + "\n\n" + Repeat("b", 6);

        IReadOnlyList<Chunk> chunks = Split(text, max: 24, overlap: 0, count: text => Words(text) + 3);

        Assert.Equal([Repeat("a", 12), heading + "\n\n" + Repeat("b", 6)], chunks.Select(chunk => chunk.Text));
    }

    [Fact]
    public void HeadingRightBelowATextLineGoesWithWhatFollows() =>
        Assert.Equal(
            [Repeat("a", 12), "# Heading\n\n" + Repeat("b", 12)],
            Split(Repeat("a", 12) + "\n# Heading\n\n" + Repeat("b", 12), max: 16, overlap: 0).Select(chunk => chunk.Text));

    [Fact]
    public void HeadingIsNotTornOffAParagraphThatIsSplit()
    {
        Chunk first = Split("# Heading\n\n" + Repeat("b", 40), max: 16, overlap: 0)[0];

        Assert.StartsWith("# Heading\n\nb b b", first.Text);
        Assert.Equal((1, 3), (first.StartLine, first.EndLine));
    }

    [Fact]
    public void LongParagraphIsCutAtLineEndsFirst()
    {
        string line = Repeat("w", 7) + ".";
        IReadOnlyList<Chunk> chunks = Split(string.Join('\n', line, line, line, line), max: 16, overlap: 0);

        Assert.Equal([(1, 2), (3, 4)], chunks.Select(chunk => (chunk.StartLine, chunk.EndLine)));
    }

    [Fact]
    public void LongLineIsCutAtSentenceEndsThenAtSpaces()
    {
        string sentence = Repeat("w", 12) + ".";

        Assert.Equal([sentence, sentence], Split(sentence + " " + sentence, max: 16, overlap: 0).Select(chunk => chunk.Text));
        Assert.Equal(
            ["word word word", "word word word"],
            Split("word word word word word word", max: 16, overlap: 0, count: text => text.Length).Select(chunk => chunk.Text));
    }

    [Fact]
    public void GiantLineWithoutSpacesIsCutByTheCeilingInLinearWork()
    {
        string text = string.Concat(Enumerable.Repeat("0123456789abcdef", 65_536));
        long counted = 0;
        int Count(ReadOnlySpan<char> span)
        {
            counted += span.Length;
            return (span.Length + 2) / 3;
        }

        IReadOnlyList<Chunk> chunks = new ParagraphChunker().Split(text, Count);

        Assert.All(chunks, chunk => Assert.InRange(chunk.Text.Length, 1, 384));
        Assert.All(chunks, chunk => Assert.Equal((1, 1), (chunk.StartLine, chunk.EndLine)));
        Assert.InRange(counted, text.Length, 16L * text.Length);
    }

    [Theory]
    [InlineData("}\n\n")]
    [InlineData("# heading\n\n")]
    [InlineData("```\n")]
    [InlineData("some words of prose that are a line.\nAnd another one.\n\n")]
    [InlineData("                                                                                                                 x\n")]
    public void RepetitiveDocumentCostsLinearWork(string unit)
    {
        string text = string.Concat(Enumerable.Repeat(unit, 1_000_000 / unit.Length));
        long counted = 0;

        new ParagraphChunker().Split(text, span =>
        {
            counted += span.Length;
            return span.Length / 3;
        });

        Assert.InRange(counted, text.Length, 16L * text.Length);
    }

    [Fact]
    public void IndentationIsKept() =>
        Assert.Equal("    if (a)\n        b();", Split("    if (a)\n        b();\n")[0].Text);

    [Fact]
    public void IndentationLongerThanTheCeilingIsDropped() =>
        Assert.Equal(["x"], Split(new string(' ', 500) + "x", max: 16, count: text => text.Length).Select(chunk => chunk.Text));

    [Fact]
    public void IdentityNamesAlgorithmAndSettings() =>
        Assert.Equal("paragraph/2 max=64 overlap=0", new ParagraphChunker(new ChunkingOptions { MaxTokens = 64, Overlap = 0 }).Identity);

    [Fact]
    public void OptionsThatMakeNoSenseAreAllNamedAtOnce()
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(
            () => new ParagraphChunker(new ChunkingOptions { MaxTokens = 3, Overlap = 2 }));

        Assert.Contains("MaxTokens is 3", thrown.Message);
        Assert.Contains("Overlap is 2", thrown.Message);
    }

    private static IReadOnlyList<Chunk> Split(string text, int max = 128, int overlap = 1, TokenCounter? count = null) =>
        new ParagraphChunker(new ChunkingOptions { MaxTokens = max, Overlap = overlap }).Split(text, count ?? Words);

    private static int Words(ReadOnlySpan<char> text)
    {
        int words = 0;
        foreach (Range range in text.SplitAny(' ', '\n'))
            words += text[range].IsEmpty ? 0 : 1;
        return words;
    }

    private static string Repeat(string word, int times) => string.Join(' ', Enumerable.Repeat(word, times));
}
