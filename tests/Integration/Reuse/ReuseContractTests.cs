using FsCheck;
using FsCheck.Fluent;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Reuse;

/// <summary>Reuse of KV states through the public API: it saves work and changes no answer.</summary>
public abstract class ReuseContractTests(ServerFixture server)
{
    private const int Cases = 8;

    private static readonly RagDocument[] Handbook = ReadHandbook();

    private static readonly string[] Questions =
    [
        "How long are backups of the orders database kept?", "How early must dangerous goods be declared?", "What does error code LW-204 mean?",
        "Where do we gather in case of fire?", "How high may a vehicle on the main deck be?", "parental leave length", "Who owns the moon?",
    ];

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void AnswersAreTheSameWithReuseOffInTheContextOutOfTheStoreAndAfterARestart(bool flashAttention)
    {
        _ = server.Connection; // skips here, because a property counts a skipped case as a failure
        int restored = 0;
        Gen<(RagDocument[] Documents, string Question, int TopK)> example =
            from documents in Gen.Shuffle(Handbook)
            from count in Gen.Choose(2, 8)
            from question in Gen.Elements(Questions)
            from topK in Gen.Choose(1, 4)
            select (documents[..count], question, topK);

        Prop.ForAll(example.ToArbitrary(), one =>
        {
            restored += CheckAsync(one.Documents, one.Question, one.TopK, flashAttention).GetAwaiter().GetResult();
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(Cases));

        Assert.True(restored > 0, "No token was ever restored.");
    }

    [Fact]
    public async Task CallersWithTheSameColdPassagesComputeThemOnce()
    {
        await using RagRuntime runtime = Start(ServerFixture.UniqueName(), KvReuse.InProcess, topK: 3);
        await AddAsync(runtime, Handbook);

        RagAnswer[] answers = await Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => runtime.Generator.GenerateAsync(new RagRequest(Questions[0]), TestEnds)));

        Assert.Single(answers.Select(answer => answer.Text).Distinct());
        Assert.Equal(0, answers.Min(answer => answer.Usage.CachedTokens));
        int passages = answers[0].Passages.Sum(passage => passage.TokenCount);
        Assert.Equal(3, answers.Count(answer => answer.Usage.CachedTokens >= passages));
    }

    [Fact]
    public async Task ChangedPassageKeepsWhatStandsBeforeIt()
    {
        string corpus = ServerFixture.UniqueName();
        RagDocument[] documents = [.. "abcde".Select(name => new RagDocument($"{name}.md", $"The {name} ferry leaves the east quay at {name} o'clock."))];
        await using RagRuntime runtime = Start(corpus, KvReuse.InProcess, topK: 5);
        await AddAsync(runtime, documents);
        var request = new RagRequest("When does the ferry leave the east quay?");
        RagAnswer before = await runtime.Generator.GenerateAsync(request, TestEnds);

        await AddAsync(runtime, [documents[3] with { Text = "The d ferry does not leave the east quay any more." }]);
        RagAnswer after = await runtime.Generator.GenerateAsync(request, TestEnds);

        Assert.Equal(5, after.Passages.Count);
        int kept = before.Passages.Take(3).Sum(passage => passage.TokenCount);
        Assert.InRange(after.Usage.CachedTokens, kept, kept + before.Passages[3].TokenCount + (before.Usage.PromptTokens - before.Passages.Sum(p => p.TokenCount)));
        Assert.Equal(0, before.Usage.CachedTokens);
    }

    [Fact]
    public async Task TenantsShareNothingThroughTheStore()
    {
        string corpus = ServerFixture.UniqueName();
        await using (RagRuntime first = Start(corpus, KvReuse.Shared, topK: 3, tenant: "first"))
        {
            await AddAsync(first, Handbook);
            await first.Generator.GenerateAsync(new RagRequest(Questions[0]), TestEnds);
        }

        await using RagRuntime other = Start(corpus, KvReuse.Shared, topK: 3, tenant: "other");
        await using RagRuntime same = Start(corpus, KvReuse.Shared, topK: 3, tenant: "first");

        Assert.Equal(0, (await other.Generator.GenerateAsync(new RagRequest(Questions[0]), TestEnds)).Usage.CachedTokens);
        Assert.True((await same.Generator.GenerateAsync(new RagRequest(Questions[0]), TestEnds)).Context.RestoredTokens > 0);
    }

    [Fact]
    public async Task StatesInAFolderAreFoundAfterARestartAndNotInRedis()
    {
        using var folder = new TempFolder();
        string corpus = ServerFixture.UniqueName();
        var request = new RagRequest(Questions[0]);
        RagAnswer cold, restored, without;
        await using (RagRuntime first = Start(corpus, KvReuse.Local, topK: 3, directory: folder.Path))
        {
            await AddAsync(first, Handbook);
            cold = await first.Generator.GenerateAsync(request, TestEnds);
        }

        await using (RagRuntime second = Start(corpus, KvReuse.Local, topK: 3, directory: folder.Path))
        {
            restored = await second.Generator.GenerateAsync(request, TestEnds);
        }

        await using (RagRuntime other = Start(corpus, KvReuse.Shared, topK: 3))
        {
            without = await other.Generator.GenerateAsync(request, TestEnds);
        }

        Assert.Equal(cold.Text, restored.Text);
        Assert.Equal((0, "mapped"), (cold.Usage.CachedTokens, restored.Context.Strategy));
        Assert.InRange(restored.Context.RestoredTokens, cold.Passages.Sum(passage => passage.TokenCount), cold.Usage.PromptTokens);
        Assert.Equal(0, without.Usage.CachedTokens);
    }

    [Fact]
    public async Task DamagedFilesAreComputedAgain()
    {
        using var folder = new TempFolder();
        string corpus = ServerFixture.UniqueName();
        var request = new RagRequest(Questions[0]);
        RagAnswer cold;
        await using (RagRuntime first = Start(corpus, KvReuse.Local, topK: 3, directory: folder.Path))
        {
            await AddAsync(first, Handbook);
            cold = await first.Generator.GenerateAsync(request, TestEnds);
        }

        foreach (string file in Directory.GetFiles(folder.Path, "*.kv", SearchOption.AllDirectories))
        {
            await using FileStream stream = File.Open(file, FileMode.Open);
            stream.SetLength(stream.Length / 2);
        }

        await using RagRuntime second = Start(corpus, KvReuse.Local, topK: 3, directory: folder.Path);
        RagAnswer again = await second.Generator.GenerateAsync(request, TestEnds);

        Assert.Equal((cold.Text, 0), (again.Text, again.Usage.CachedTokens));
    }

    private static RagDocument[] ReadHandbook()
    {
        string folder = Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook");
        return [.. Directory.EnumerateFiles(folder, "*.md", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(path => new RagDocument(Path.GetRelativePath(folder, path).Replace('\\', '/'), File.ReadAllText(path)))];
    }

    private static async Task AddAsync(RagRuntime runtime, IEnumerable<RagDocument> documents)
    {
        await foreach (IndexedDocument _ in runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds))
        {
        }
    }

    /// <returns>Number of tokens restored from the store.</returns>
    private async Task<int> CheckAsync(RagDocument[] documents, string question, int topK, bool flashAttention)
    {
        string corpus = ServerFixture.UniqueName();
        var request = new RagRequest(question);
        RagAnswer off;
        await using (RagRuntime runtime = Start(corpus, KvReuse.Off, topK, flashAttention: flashAttention))
        {
            await AddAsync(runtime, documents);
            off = await runtime.Generator.GenerateAsync(request, TestEnds);
            Assert.Equal(0, off.Usage.CachedTokens);
        }

        RagAnswer cold, warm;
        await using (RagRuntime runtime = Start(corpus, KvReuse.Shared, topK, flashAttention: flashAttention))
        {
            cold = await runtime.Generator.GenerateAsync(request, TestEnds);
            warm = await runtime.Generator.GenerateAsync(request, TestEnds);
        }

        await using RagRuntime restarted = Start(corpus, KvReuse.Shared, topK, flashAttention: flashAttention);
        RagAnswer restored = await restarted.Generator.GenerateAsync(request, TestEnds);

        Assert.Equal(off.Text, cold.Text);
        Assert.Equal(off.Text, warm.Text);
        Assert.Equal(off.Text, restored.Text);
        Assert.Equal(off.Usage.GeneratedTokens, restored.Usage.GeneratedTokens);
        Assert.Equal(0, cold.Usage.CachedTokens);
        Assert.Equal(0, warm.Context.RestoredTokens);
        Assert.Equal(warm.Usage.CachedTokens, restored.Usage.CachedTokens);
        Assert.True(off.FinishReason == RagFinishReason.NoContext || warm.Usage.CachedTokens > 0, "No token was reused.");
        return restored.Context.RestoredTokens;
    }

    private RagRuntime Start(string corpus, KvReuse reuse, int topK, string tenant = "", bool flashAttention = true, string? directory = null) => new(
        new RedisInferOptions
        {
            ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf"),
            Corpus = corpus,
            Retrieval = { TopK = topK },
            MaxOutputTokens = 48,
            Engine = { Threads = 1, FlashAttention = flashAttention },
            Sampling = new SamplingOptions { Temperature = 0 },
            KvCache = { Reuse = reuse, Tenant = tenant, Secret = "of this test", Directory = directory },
        },
        new RagComponents { Connection = server.Connection });
}
