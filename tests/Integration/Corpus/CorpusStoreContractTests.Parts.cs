using RedisInfer.Corpus.Records;
using RedisInfer.Prompting;

namespace RedisInfer.Tests.Integration.Corpus;

/// <content>Updates that write only what has changed in a document.</content>
public abstract partial class CorpusStoreContractTests
{
    [Theory]
    [MemberData(nameof(Modes))]
    public async Task DocumentOfKeptAndNewChunksIsFoundAsItStands(RetrievalMode mode)
    {
        using TestCorpus corpus = await OpenAsync();
        using TestCorpus another = await corpus.OpenAnotherAsync();
        ManifestEntry first = await corpus.WriteAsync("a", 0, "tide zero", "tide one", "tide two", "tide three");
        Assert.Equal(4, (await another.FindAsync(Query("tide", mode))).Count);

        ManifestEntry? second = await corpus.WriteOverAsync(
            first, 0, (0, "tide zero"), (null, "tide new"), (2, "tide two"), (3, "tide three"));
        ManifestEntry? third = await corpus.WriteOverAsync(
            second!, 0, (1, "tide new"), (0, "tide zero"), (3, "tide three"), (null, "tide last"));

        Assert.Equal(
            [(second!.Generation, 1), (first.Generation, 0), (first.Generation, 3), (third!.Generation, 3)],
            third.Layout.Chunks.Select(chunk => (chunk.Generation, chunk.First)));
        Assert.Equal(third, await another.Store.FindAsync("a", Cancellation));
        IReadOnlyList<Passage> found = await another.FindAsync(Query("tide", mode) with { TopK = 9 });
        Assert.Equal(
            [(0, "tide new"), (1, "tide zero"), (2, "tide three"), (3, "tide last")],
            found.OrderBy(chunk => chunk.Index).Select(chunk => (chunk.Index, chunk.Text)));
        Assert.All(found, chunk => Assert.Equal((10 * chunk.Index) + 1, chunk.StartLine));
        Assert.Equal(
            ["tide three", "tide zero", "tide last"],
            (await another.FindAsync(Query("three", RetrievalMode.Lexical) with { TopK = 1, Neighbors = 1 })).Select(chunk => chunk.Text));
        Assert.Equal(
            4, (await another.FindAsync(Query("tide", mode) with { Filter = new RagFilter { Paths = ["a"] } })).Count);
        await AssertEveryKeyIsAccountedForAsync(corpus);

        Assert.True(await corpus.Store.RemoveAsync("a", Cancellation));
        Assert.Empty(await another.FindAsync(Query("tide", mode)));
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task WhatIsKeptIsNeitherWrittenNorRemoved()
    {
        using TestCorpus corpus = await OpenAsync();
        ManifestEntry first = await corpus.WriteAsync("a", 0, "zero", "one", "two");
        byte[] before = (byte[])(await corpus.Database.StringGetAsync(corpus.Keys.Chunk(first.ChunkAt(2))))!;

        ManifestEntry? second = await corpus.WriteOverAsync(first, 0, (0, "zero"), (null, "new"), (2, "two"));

        Assert.Equal(first.ChunkAt(2), second!.ChunkAt(2));
        Assert.Equal(before, (byte[])(await corpus.Database.StringGetAsync(corpus.Keys.Chunk(second.ChunkAt(2))))!);
        Assert.Null(await corpus.Database.KeyTimeToLiveAsync(corpus.Keys.Chunk(second.ChunkAt(2))));
        Assert.NotNull(await corpus.Database.KeyTimeToLiveAsync(corpus.Keys.Chunk(first.ChunkAt(1))));
        StoredChunk?[] read = await corpus.Store.ReadDocumentAsync(TestCorpus.Identity.TokenizerFingerprint, second, Cancellation);
        Assert.Equal(["zero", "new", "two"], read.Select(chunk => chunk!.Text));
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task ADocumentThatIsNotWhatItWasKeepsNothingAndStaysAsItIs()
    {
        using TestCorpus corpus = await OpenAsync();
        using TestCorpus another = await corpus.OpenAnotherAsync();
        ManifestEntry first = await corpus.WriteAsync("a", 0, "zero", "one");
        ManifestEntry theirs = await another.WriteAsync("a", 0, "theirs");

        Assert.Null(await corpus.WriteOverAsync(first, 0, (0, "zero"), (null, "mine")));
        Assert.Equal(theirs, await corpus.Store.FindAsync("a", Cancellation));
        Assert.True(await corpus.Store.RemoveAsync("a", Cancellation));
        Assert.Null(await corpus.WriteOverAsync(theirs, 0, (0, "theirs")));

        Assert.Empty(await corpus.SearchAsync(0));
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task ClearedCorpusLeavesNoKeptChunk()
    {
        using TestCorpus corpus = await OpenAsync();
        ManifestEntry first = await corpus.WriteAsync("a", 0, "zero", "one");
        await corpus.WriteOverAsync(first, 0, (0, "zero"), (null, "new"));

        await corpus.Store.ClearAsync(Cancellation);

        List<string> keys = await corpus.KeysAsync();
        foreach (string key in keys.Where(key => key.Contains(":tokens:", StringComparison.Ordinal)))
        {
            Assert.NotNull(await corpus.Database.KeyTimeToLiveAsync(key));
        }
    }
}
