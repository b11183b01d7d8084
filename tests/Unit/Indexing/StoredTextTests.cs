using RedisInfer.Corpus.Records;
using RedisInfer.Indexing;

namespace RedisInfer.Tests.Unit.Indexing;

public sealed class StoredTextTests
{
    [Fact]
    public void ChunksThatShareParagraphsGiveTheText() =>
        Assert.Equal(
            "\n# Title\n\nThe first paragraph.\n\n\nThe second paragraph.\n\nThe third.",
            StoredText.Join(
            [
                Chunk("# Title\n\nThe first paragraph.", 2, 4), Chunk("The first paragraph.\n\nThe second paragraph.", 4, 7),
                Chunk("The second paragraph.\n\nThe third.", 7, 9),
            ]));

    [Fact]
    public void PiecesOfOneLineGiveTheLine() =>
        Assert.Equal(
            "A first sentence a. A second sentence b. All of it.",
            StoredText.Join([Chunk("A first sentence a.", 1, 1), Chunk("A second sentence b. All of it.", 1, 1)]));

    [Fact]
    public void RepeatedColumnNamesAreLeftOut() =>
        Assert.Equal("name,size\na,1\nb,2\nc,3", StoredText.Join([Chunk("name,size\na,1", 1, 2), Chunk("name,size\nb,2\nc,3", 3, 4)]));

    [Fact]
    public void ChunkThatIsGoneCostsNoOther()
    {
        Assert.Equal("one\n\n\nthree", StoredText.Join([Chunk("one", 1, 1), null, Chunk("three", 4, 4)]));
        Assert.Equal("", StoredText.Join([null]));
    }

    private static StoredChunk Chunk(string text, int startLine, int endLine) => new("a.md", 0, startLine, endLine, text, default, 0);
}
