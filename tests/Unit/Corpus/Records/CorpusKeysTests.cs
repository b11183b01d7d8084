using RedisInfer.Corpus.Records;

namespace RedisInfer.Tests.Unit.Corpus.Records;

public sealed class CorpusKeysTests
{
    [Fact]
    public void KeysAreThoseOfTheFormat()
    {
        var keys = new CorpusKeys("docs");

        Assert.Equal("{docs}:meta", keys.Meta.ToString());
        Assert.Equal("{docs}:manifest", keys.Manifest.ToString());
        Assert.Equal("{docs}:pending", keys.Pending.ToString());
        Assert.Equal("{docs}:generation", keys.Generation.ToString());
        Assert.Equal("{docs}:revision", keys.Revision.ToString());
        Assert.Equal("{docs}:changes", keys.Changes.ToString());
        Assert.Equal("{docs}:writer:ab", keys.Writer("ab").ToString());
        Assert.Equal("{docs}:7:tokens:guides/a b.md:chunk_3", keys.Chunk(new ChunkRef(7, "guides/a b.md", 3)).ToString());
        Assert.Equal("7:tokens:guides/a b.md:chunk_3", CorpusKeys.Element(new ChunkRef(7, "guides/a b.md", 3)));
        Assert.Equal("{docs}:5:vectors", keys.VectorSet(5).ToString());
        Assert.Equal("{docs}:5:7:vectors:a.md", keys.Vectors(5, 7, "a.md").ToString());
        Assert.Equal("{docs}:kv", keys.KvIndex.ToString());
        Assert.Equal("{docs}:kv:ab", keys.KvBlock("ab").ToString());
        Assert.Equal("{docs}:5:cleared", keys.Cleared(5).ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("a b")]
    [InlineData("{a}")]
    [InlineData("a\n")]
    [InlineData("é")]
    [InlineData("a/b")]
    public void CorpusNameOfOtherCharactersIsRefused(string name) => Assert.Throws<ArgumentException>(() => new CorpusKeys(name));

    [Fact]
    public void CorpusNameMayHave64Characters()
    {
        Assert.Equal("A-z_0.9", new CorpusKeys("A-z_0.9").Corpus);
        Assert.Equal(64, new CorpusKeys(new string('a', 64)).Corpus.Length);
        Assert.Throws<ArgumentException>(() => new CorpusKeys(new string('a', 65)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("7")]
    [InlineData("7:tokens::chunk_0")]
    [InlineData("x:tokens:a:chunk_0")]
    [InlineData(":tokens:a:chunk_0")]
    [InlineData("7:tokens:a:chunk_")]
    [InlineData("7:tokens:a:chunk_-1")]
    [InlineData("7:token:a:chunk_1")]
    [InlineData("7:chunk_1")]
    public void OtherNamesAreNoElements(string name) => Assert.False(CorpusKeys.TryParseElement(name, out _));
}
