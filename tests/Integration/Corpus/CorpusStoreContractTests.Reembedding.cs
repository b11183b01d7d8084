using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Retrieval;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <content>Changes of a corpus to another embedding.</content>
public abstract partial class CorpusStoreContractTests
{
    private static readonly IndexIdentity Other = new("other/2", 3, TestCorpus.Identity.TokenizerFingerprint);

    [Fact]
    public async Task NewVectorsAreOfTheDocumentsThatStandInTheEnd()
    {
        using TestCorpus corpus = await OpenAsync();
        using TestCorpus another = await corpus.OpenAnotherAsync();
        ManifestEntry first = await corpus.WriteAsync("a", 0, "lamp", "buoy", "fog");
        await corpus.WriteOverAsync(first, 0, (0, "lamp"), (null, "pier"), (2, "fog"));
        await corpus.WriteAsync("b", 0, "crane");
        await corpus.WriteAsync("c", 0, "quay");
        int calls = 0;

        await corpus.Store.ReembedAsync(
            Other,
            async (texts, _) =>
            {
                // Another process still searches and writes with the former embedding.
                if (calls++ == 0)
                {
                    Assert.Equal(5, (await another.SearchAsync(0)).Count);
                    await another.WriteAsync("b", 0, "crane", "winch");
                    await another.WriteAsync("d", 0, "dock");
                    await another.Store.RemoveAsync("c", Cancellation);
                }

                return [.. texts.Select(text => (ReadOnlyMemory<float>)NewVector(text))];
            },
            chunk => chunk.Text,
            (_, _) => { }, call => call(),
            Cancellation);

        Assert.True(calls > 1);
        Assert.Equal(["crane", "dock", "fog", "lamp", "pier", "winch"], await FindNewAsync(corpus));
        using TestCorpus fresh = await corpus.OpenAnotherAsync();
        await fresh.Store.CheckIdentityAsync(Other, Cancellation);
        Assert.Equal(6, (await FindNewAsync(fresh)).Count());
        await Assert.ThrowsAsync<RedisInferException>(() => another.SearchAsync(0));
        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => another.WriteAsync("e", 0, "late"));
        Assert.Equal(RedisInferErrorCode.IndexMismatch, e.Code);
        Assert.Contains("ReembedAsync", e.Message, StringComparison.Ordinal);
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task CancelledEmbeddingLeavesTheCorpusAsItWas()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, [.. Enumerable.Range(0, 100).Select(i => $"buoy {i}")]);
        using var cancellation = new CancellationTokenSource();
        int calls = 0;

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => corpus.Store.ReembedAsync(
            Other,
            async (texts, token) =>
            {
                if (++calls == 2)
                    await cancellation.CancelAsync();
                token.ThrowIfCancellationRequested();
                return [.. texts.Select(text => (ReadOnlyMemory<float>)NewVector(text))];
            },
            chunk => chunk.Text,
            (_, _) => { }, call => call(),
            cancellation.Token));

        Assert.Equal(100, (await corpus.SearchAsync(0, topK: 100)).Count);
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task EmbeddingThatDiesHalfWayIsCleanedUpAfter()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, [.. Enumerable.Range(0, 80).Select(i => $"buoy {i}")]);
        await corpus.WriteAsync("b", 0, "lamp");
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(ConfigurationOptions.Parse(corpus.Connection.Configuration));
        using TestCorpus dying = await TestCorpus.OpenAsync(connection, corpus.Name, vectorMemoryBytes: VectorMemoryBytes);
        int documents = 0;

        await Assert.ThrowsAnyAsync<Exception>(() => dying.Store.ReembedAsync(
            Other,
            (texts, _) => Task.FromResult<IReadOnlyList<ReadOnlyMemory<float>>>([.. texts.Select(text => (ReadOnlyMemory<float>)NewVector(text))]),
            chunk => chunk.Text,
            (_, _) =>
            {
                documents++;
                connection.Dispose();
            },
            call => call(), Cancellation));

        Assert.InRange(documents, 1, 2);     // if the server lists the small one first, both are in one batch
        Assert.Equal(0, await corpus.Store.CleanUpAbandonedAsync(Cancellation));
        string writer = (await corpus.Database.HashGetAllAsync(corpus.Keys.Pending)).Single().Value.ToString().Split(' ')[5];
        Assert.True(await corpus.Database.KeyDeleteAsync(corpus.Keys.Writer(writer)));
        Assert.Equal(1, await corpus.Store.CleanUpAbandonedAsync(Cancellation));
        Assert.Equal(81, (await corpus.SearchAsync(0, topK: 100)).Count);
        await AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Fact]
    public async Task TokensOfAnotherVocabularyCannotBeTakenOver()
    {
        using TestCorpus corpus = await OpenAsync();
        await corpus.WriteAsync("a", 0, "lamp");

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(() => corpus.Store.ReembedAsync(
            Other with { TokenizerFingerprint = new string('f', 32) }, (_, _) => throw new NotSupportedException(), chunk => chunk.Text, (_, _) => { }, call => call(), Cancellation));

        Assert.Equal(RedisInferErrorCode.IndexMismatch, e.Code);
        Assert.DoesNotContain("ReembedAsync", e.Message, StringComparison.Ordinal);
        Assert.Single(await corpus.SearchAsync(0));
    }

    private static float[] NewVector(string text) => [1, text.Length, text[0] - 'a'];

    private static async Task<IEnumerable<string>> FindNewAsync(TestCorpus corpus) =>
        (await corpus.FindAsync(new RetrievalQuery("", NewVector("boat"), 20, 0) { Mode = RetrievalMode.Vector }))
            .Select(chunk => chunk.Text).Order(StringComparer.Ordinal);
}
