using RedisInfer.Errors;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>Re-ranking by models whose ranking is known, through the public API.</summary>
public sealed class RerankingTests(Redis8Fixture server) : RagContract(server), IClassFixture<Redis8Fixture>, IDisposable
{
    // By words, the last document is the best. By grades, the first is.
    private const string Question = "lighthouse, ferries, winter request?";

    private static readonly RagDocument[] Documents =
    [
        new("a.md", "The lighthouse keeper counts ships at dawn and names the queue queue queue queue in a note.\n"),
        new("b.md", "Ferries leave from pier four after noon; the server server server server is down below.\n"),
        new("c.md", "A winter timetable is printed in red, and each request request request request is paid.\n"),
    ];

    private readonly TemporaryFolder _folder = new();

    public static TheoryData<string> Rerankers => [TestModels.EncoderReranker, TestModels.DecoderReranker];

    [Theory]
    [MemberData(nameof(Rerankers))]
    public async Task PassagesAreInTheOrderOfTheReranker(string model)
    {
        await using RagRuntime plain = await StartAsync((string?)null);
        Assert.Equal("c.md", (await SearchAsync(plain))[0]);

        await using RagRuntime runtime = await StartAsync(model);
        RagAnswer best = await runtime.Generator.GenerateAsync(new RagRequest(Question) { TopK = 1 }, TestEnds);

        Assert.Equal(["a.md", "b.md", "c.md"], await SearchAsync(runtime));
        Assert.Equal("a.md", Assert.Single(best.Passages).Path);
        Assert.InRange(best.Timings.Rerank, TimeSpan.FromTicks(1), best.Timings.Total);
        Assert.Equal(TimeSpan.Zero, (await plain.Generator.GenerateAsync(new RagRequest(Question), TestEnds)).Timings.Rerank);
    }

    [Fact]
    public async Task FileThatDoesNotSayThatItIsARerankerIsOneByItsHead()
    {
        await using RagRuntime runtime = await StartAsync(TinyRerankers.Encoder(saysSo: false));

        Assert.Equal(["a.md", "b.md", "c.md"], await SearchAsync(runtime));
    }

    [Fact]
    public async Task ScoreIsTheOutputWithTheLabelYes()
    {
        await using RagRuntime runtime = await StartAsync(TinyRerankers.Decoder(["no", "Yes"]));

        Assert.Equal(["a.md", "b.md", "c.md"], await SearchAsync(runtime));
    }

    [Theory]
    [InlineData("queue", new[] { "b.md", "c.md", "a.md" })]
    [InlineData("server", new[] { "a.md", "c.md", "b.md" })]
    public async Task PassageWithoutAScoreComesLast(string oddWord, string[] expected)
    {
        await using RagRuntime encoder = await StartAsync(TinyRerankers.Encoder(oddWord));
        await using RagRuntime decoder = await StartAsync(TinyRerankers.Decoder(oddWord: oddWord));

        Assert.Equal(expected, await SearchAsync(encoder));
        Assert.Equal(expected, await SearchAsync(decoder));
    }

    [Fact]
    public async Task RerankerWithoutAnyScoreIsAnError()
    {
        await using RagRuntime runtime = await StartAsync(WithHead(GgufTensor.FromRows(
            "cls.output.weight", GgufTensorType.F32, [TinyBert.EmbeddingLength, 1], (_, values) => values.Fill(float.NaN))));

        RedisInferException thrown = await Assert.ThrowsAsync<RedisInferException>(() => SearchAsync(runtime));

        Assert.Equal(RedisInferErrorCode.DecodeFailed, thrown.Code);
        Assert.Contains("no finite score", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ModelThatIsNoRerankerIsRefused()
    {
        foreach (string path in (string[])[TestModels.Text, TestModels.BertEmbedding, TestModels.Qwen3Embedding])
        {
            await using RagRuntime runtime = await StartAsync(path);

            RedisInferException thrown = await Assert.ThrowsAsync<RedisInferException>(() => runtime.WarmUpAsync(cancellationToken: TestEnds));

            Assert.Equal(RedisInferErrorCode.ModelNotLoadable, thrown.Code);
            Assert.Contains("is no re-ranker", thrown.Message, StringComparison.Ordinal);
            await Assert.ThrowsAsync<RedisInferException>(() => SearchAsync(runtime));
        }
    }

    [Fact]
    public async Task RerankerWithoutItsHeadIsRefused()
    {
        (GgufModel File, string Reason)[] refused =
        [
            (WithHead(null), "no classification head"),
            (WithoutHead(TinyRerankers.Decoder()), "no classification head"),
            (TinyRerankers.Decoder(["yes"]), "1 outputs (yes)"),
            (TinyRerankers.Decoder(["good", "bad", "so-so"]), "3 outputs (good, bad, so-so)"),
            (WithTemplate("<|im_start|>{query}<|im_end|>"), "'{document}'"),
            (WithTemplate("{query}{document}" + string.Concat(Enumerable.Repeat("long ", 2000))), "but a pair may have 1024"),
        ];
        foreach ((GgufModel file, string reason) in refused)
        {
            await using RagRuntime runtime = await StartAsync(file);

            RedisInferException thrown = await Assert.ThrowsAsync<RedisInferException>(() => runtime.WarmUpAsync(cancellationToken: TestEnds));

            Assert.Equal(RedisInferErrorCode.ModelNotLoadable, thrown.Code);
            Assert.Contains(".gguf", thrown.Message, StringComparison.Ordinal);
            Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Rerankers))]
    public async Task LongTextsAreCutToWhatTheModelReads(string model)
    {
        await using RagRuntime runtime = await StartAsync(model, options => options.Chunking.MaxTokens = 4000);
        string filler = string.Concat(Enumerable.Repeat("the gate of the old port is open and nobody waits there; ", 200));
        string other = string.Concat(Enumerable.Repeat("coffee is brewed in the galley before a long watch begins; ", 200));
        await runtime.Index.AddAsync(new RagDocument("d.md", "lighthouse " + string.Concat(Enumerable.Repeat("queue ", 300)) + filler), TestEnds);
        await runtime.Index.AddAsync(new RagDocument("e.md", "ferries " + other + string.Concat(Enumerable.Repeat("queue ", 300))), TestEnds);

        IReadOnlyList<string> found = await SearchAsync(runtime);
        IReadOnlyList<string> asked = await SearchAsync(runtime, Question + string.Concat(Enumerable.Repeat(" winter", 3000)), TestEnds);

        Assert.Equal("d.md", found[0]);
        Assert.Equal("a.md", asked.First(path => path is "a.md" or "b.md" or "c.md"));
    }

    [Theory]
    [MemberData(nameof(Rerankers))]
    public async Task CallersAtOnceFindWhatEachFindsAlone(string model)
    {
        await using RagRuntime runtime = await StartAsync(model);
        using var given = new CancellationTokenSource();
        Task<IReadOnlyList<string>>[] searches =
            [.. Enumerable.Range(0, 24).Select(i => SearchAsync(runtime, Question, i % 3 == 0 ? given.Token : TestEnds))];
        await given.CancelAsync();

        for (int i = 0; i < searches.Length; i++)
        {
            if (i % 3 == 0)
            {
                await Record.ExceptionAsync(() => searches[i]);
                Assert.True(searches[i].IsCanceled || searches[i].IsCompletedSuccessfully);
            }
            else
            {
                Assert.Equal(["a.md", "b.md", "c.md"], await searches[i]);
            }
        }

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => SearchAsync(runtime, Question, new CancellationToken(canceled: true)));
        Assert.Equal(["a.md", "b.md", "c.md"], await SearchAsync(runtime));
    }

    [Fact]
    public async Task BudgetCountsTheReranker()
    {
        long bytes = new FileInfo(TestModels.DecoderReranker).Length;
        await using RagRuntime runtime = await StartAsync(TestModels.DecoderReranker, options => options.Memory.LimitBytes = bytes);

        RedisInferException thrown = await Assert.ThrowsAsync<RedisInferException>(() => runtime.WarmUpAsync(cancellationToken: TestEnds));

        Assert.Equal(RedisInferErrorCode.OverBudget, thrown.Code);
        Assert.Contains("re-ranker", thrown.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static GgufModel WithHead(GgufTensor? head)
    {
        GgufModel model = WithoutHead(TinyRerankers.Encoder());
        return head is null ? model : model with { Tensors = [.. model.Tensors, head] };
    }

    private static GgufModel WithoutHead(GgufModel model) =>
        model with { Tensors = [.. model.Tensors.Where(tensor => !tensor.Name.StartsWith("cls.output", StringComparison.Ordinal))] };

    private static GgufModel WithTemplate(string template)
    {
        GgufModel model = TinyRerankers.Decoder();
        model.Metadata.Set("tokenizer.chat_template.rerank", template);
        return model;
    }

    private static Task<IReadOnlyList<string>> SearchAsync(RagRuntime runtime) => SearchAsync(runtime, Question, TestEnds);

    private static async Task<IReadOnlyList<string>> SearchAsync(RagRuntime runtime, string question, CancellationToken cancellationToken) =>
        [.. (await runtime.Index.SearchAsync(new RagRequest(question), cancellationToken)).Select(passage => passage.Path)];

    private Task<RagRuntime> StartAsync(GgufModel reranker) =>
        StartAsync(_folder.Write($"reranker-{Guid.NewGuid():N}.gguf", reranker.ToBytes()));

    private async Task<RagRuntime> StartAsync(string? reranker, Action<RedisInferOptions>? configure = null)
    {
        RagRuntime runtime = Start(configure: options =>
        {
            options.RerankModelPath = reranker;
            options.Retrieval.MinScore = -1;
            configure?.Invoke(options);
        });
        foreach (RagDocument document in Documents)
        {
            await runtime.Index.AddAsync(document, TestEnds);
        }

        return runtime;
    }
}
