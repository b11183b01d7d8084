using System.Diagnostics;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Redis;
using RedisInfer.Tests.Integration.Corpus;
using RedisInfer.Tests.Integration.Sample;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Inference;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Indexing;

/// <summary>Indexing continues where it stopped, no matter which process was killed.</summary>
public sealed class IndexingInterruptionTests
{
    private const int Documents = 300;
    private const int DocumentsBefore = 60;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    [InlineData(RedisVersion.Valkey)]
    public async Task ServerThatRestartsInTheMiddleLosesNothingThatWasReported(RedisVersion version)
    {
        using var data = new TempFolder();
        var durable = new RedisServerOptions { AppendOnly = true, DataDirectory = data.Path };
        RedisServer server = await RedisServer.StartOrSkipAsync(version, durable);
        await using var source = new RedisConnectionSource(server.Configuration + ",asyncTimeout=2000,connectTimeout=1000");
        using var embedding = new HashedWordsEmbedding(64);
        await using var runtime = new RagRuntime(
            new RedisInferOptions { ModelPath = TestModels.Text, Corpus = "docs" },
            new RagComponents { Connection = source, EmbeddingGenerator = embedding, TimeProvider = new SkippingTime() });
        List<string> reported = [];

        RedisInferException failure = await Assert.ThrowsAsync<RedisInferException>(async () =>
        {
            await foreach (IndexedDocument document in runtime.Index.AddAsync(AllAsync(), Cancellation))
            {
                reported.Add(document.Path);
                if (reported.Count == DocumentsBefore)
                    await server.KillAsync();
            }
        });
        int port = server.Port;
        await server.DisposeAsync();
        await using RedisServer back = await RedisServer.StartAsync(version, durable with { Port = port }, Cancellation);
        IConnectionMultiplexer connection = await source.ConnectAsync(Cancellation);
        while (!connection.GetServers().Single().IsConnected)
        {
            await Task.Delay(50, Cancellation);
        }

        Dictionary<string, IndexingStatus> again = await runtime.Index.AddAsync(AllAsync(), Cancellation)
            .ToDictionaryAsync(document => document.Path, document => document.Status, cancellationToken: Cancellation);

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, failure.Code);
        Assert.True(reported.Count >= DocumentsBefore);
        Assert.All(reported, path => Assert.Equal(IndexingStatus.Unchanged, again[path]));
        Assert.Equal(Documents, (await runtime.Index.CountAsync(Cancellation)).Documents);
        var question = new RagRequest($"What is the number of lantern w{Documents - 1}x?") { Retrieval = RetrievalMode.Lexical };
        IReadOnlyList<RagPassage> found = await runtime.Index.SearchAsync(question, Cancellation);
        Assert.Equal($"{Documents - 1}.md", found[0].Path);
        using TestCorpus corpus = await TestCorpus.OpenAsync(connection, "docs");
        await ForgetWritersAsync(corpus);
        await corpus.Store.CleanUpAbandonedAsync(Cancellation);
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(corpus);
    }

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    public async Task ProcessThatIsKilledInTheMiddleLeavesWholeDocumentsAndTheNextGoesOn(RedisVersion version)
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(version);
        await using var source = new RedisConnectionSource(server.Configuration);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await source.ConnectAsync(Cancellation), "docs");
        using var folder = new TempFolder();
        await foreach (RagDocument document in AllAsync())
        {
            await File.WriteAllTextAsync(folder[document.Path], document.Text, Cancellation);
        }

        string[] arguments =
        [
            "ask", "What is the number of lantern w17x?", "--json", "--redis", server.EndPoint, "--corpus", "docs", "--docs", folder.Path,
            "--embedding-model", TestModels.LexicalEmbedding,
        ];
        using (Process killed = Demo.Start(arguments))
        {
            while (await corpus.Database.HashLengthAsync(corpus.Keys.Manifest) < DocumentsBefore)
            {
                Assert.False(killed.HasExited);
                await Task.Delay(5, Cancellation);
            }

            killed.Kill(entireProcessTree: true);
            await killed.WaitForExitAsync(Cancellation);
        }

        List<ManifestEntry> before = await corpus.Store.ListAsync(Cancellation).ToListAsync(Cancellation);
        Assert.InRange(before.Count, DocumentsBefore, Documents - 1);
        CorpusMeta meta = CorpusMeta.Decode("docs", await corpus.Database.HashGetAllAsync(corpus.Keys.Meta))!;
        foreach (ManifestEntry entry in before)
        {
            Assert.All(await corpus.Store.ReadDocumentAsync(meta.Identity.TokenizerFingerprint, entry, Cancellation), Assert.NotNull);
        }

        ProgramResult next = await Demo.RunAsync(arguments);

        Assert.Equal(0, next.ExitCode);
        List<ManifestEntry> after = await corpus.Store.ListAsync(Cancellation).ToListAsync(Cancellation);
        Assert.Equal(Documents, after.Count);
        Assert.Empty(before.Except(after));
        await ForgetWritersAsync(corpus);
        await corpus.Store.CleanUpAbandonedAsync(Cancellation);
        Assert.Equal(0, await corpus.Database.HashLengthAsync(corpus.Keys.Pending));
        await CorpusStoreContractTests.AssertEveryKeyIsAccountedForAsync(corpus);
    }

    private static async IAsyncEnumerable<RagDocument> AllAsync()
    {
        await Task.CompletedTask;
        for (int i = 0; i < Documents; i++)
        {
            IEnumerable<string> paragraphs = Enumerable.Range(0, 6).Select(
                paragraph => $"Lantern w{i}x stands at berth {paragraph}. " + string.Join(' ', Enumerable.Range(0, 30).Select(word => $"v{(i * 7) + word + paragraph}")));
            yield return new RagDocument($"{i}.md", string.Join("\n\n", paragraphs));
        }
    }

    /// <summary>Simulates that a minute has passed: deletes the signs of life of all writers.</summary>
    private static async Task ForgetWritersAsync(TestCorpus corpus)
    {
        foreach (string key in (await corpus.KeysAsync()).Where(key => key.Contains(":writer:", StringComparison.Ordinal)))
        {
            await corpus.Database.KeyDeleteAsync(key);
        }
    }
}
