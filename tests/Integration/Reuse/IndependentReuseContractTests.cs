using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Prompting;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Reuse;

/// <summary>Independent passages through the public API: used if the host asks for them, with exact results.</summary>
public abstract class IndependentReuseContractTests(ServerFixture server)
{
    private const int MaxOutputTokens = 48;

    private static readonly string[] Questions =
    [
        "How long are backups of the orders database kept?", "How early must dangerous goods be declared?", "What does error code LW-204 mean?",
        "Where do we gather in case of fire?", "parental leave length",
    ];

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(KvType.F16, true, 0)]
    [InlineData(KvType.F16, true, 7)]
    [InlineData(KvType.F16, false, 7)]
    [InlineData(KvType.Q8_0, true, 4)]
    public async Task AnswersAreThoseOfPassagesJoinedByHandColdWarmAndAfterARestart(KvType kvType, bool flashAttention, int recomputedTokens)
    {
        string corpus = ServerFixture.UniqueName();
        using IInferenceModel model = await LoadModelAsync();
        using IInferenceContext context = model.CreateContext(new ContextOptions
        {
            ContextSize = 4096,
            MaxSequences = PassageReference.SequenceCount,
            Threads = 1,
            KvType = kvType,
            FlashAttention = flashAttention,
        });
        var reference = new PassageReference(model, context);
        var cold = new List<RagAnswer>();
        var warm = new List<RagAnswer>();
        await using (RagRuntime runtime = Start(corpus, recomputedTokens, kvType, flashAttention))
        {
            await IndexAsync(runtime);
            foreach (string question in Questions)
            {
                cold.Add(await runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds));
                warm.Add(await runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds));
            }
        }

        await using RagRuntime restarted = Start(corpus, recomputedTokens, kvType, flashAttention);
        for (int i = 0; i < Questions.Length; i++)
        {
            RagAnswer restored = await restarted.Generator.GenerateAsync(new RagRequest(Questions[i]), TestEnds);
            Prompt prompt = await PromptOfAsync(restarted, restored);
            string expected = reference.Answer(prompt, recomputedTokens, MaxOutputTokens);
            Assert.Equal((expected, expected, expected), (cold[i].Text, warm[i].Text, restored.Text));
            int independent = prompt.Passages.Sum(passage => Math.Max(0, passage.End - passage.TextStart - recomputedTokens));
            Assert.All([cold[i], warm[i], restored], answer => Assert.Equal(independent, answer.Usage.IndependentTokens));
            Assert.True(restored.Usage.CachedTokens >= independent, "A cached passage was computed again.");
        }

    }

    [Fact]
    public async Task PassageIsLoadedWhereverItStands()
    {
        string corpus = ServerFixture.UniqueName();
        RagDocument[] documents = [.. "abcd".Select(name => new RagDocument($"{name}.md", $"The {name} ferry leaves the east quay at {name} o'clock, and takes {name} cars."))];
        var request = new RagRequest("When does the ferry leave the east quay?");
        await using (RagRuntime first = Start(corpus))
        {
            await AddAsync(first, documents);
            await first.Generator.GenerateAsync(request, TestEnds);
        }

        await using RagRuntime second = Start(corpus);
        await second.Index.RemoveAsync("a.md", TestEnds);
        RagAnswer answer = await second.Generator.GenerateAsync(request, TestEnds);

        // All passages are at other positions now, and only headings and the question are computed.
        Assert.Equal(3, answer.Passages.Count);
        Assert.True(answer.Usage.IndependentTokens > 0);
        Assert.True(answer.Context.RestoredTokens >= answer.Usage.IndependentTokens);
        Assert.True(answer.Usage.CachedTokens >= answer.Usage.IndependentTokens);
    }

    [Fact]
    public async Task PreparedPassagesNeedNotBeComputedByTheFirstQuestion()
    {
        string corpus = ServerFixture.UniqueName();
        await using (RagRuntime indexing = Start(corpus))
        {
            await IndexAsync(indexing);
            IndexCount count = await indexing.Index.CountAsync(TestEnds);
            Assert.Equal(count.Chunks, await indexing.IndependentPassages.PrepareAsync(cancellationToken: TestEnds));
        }

        await using RagRuntime answering = Start(corpus);
        Assert.Equal(0, await answering.IndependentPassages.PrepareAsync(cancellationToken: TestEnds));
        RagAnswer answer = await answering.Generator.GenerateAsync(new RagRequest(Questions[0]), TestEnds);

        Assert.True(answer.Usage.IndependentTokens > 0);
        Assert.True(answer.Usage.CachedTokens >= answer.Usage.IndependentTokens);
    }

    [Fact]
    public async Task ChunksKeptWhenADocumentChangedArePreparedWithTheOthers()
    {
        string[] paragraphs = [.. Enumerable.Range(0, 12).Select(i => string.Join(' ', Enumerable.Repeat($"Paragraph {i} says what ferry {i} does.", 12)))];
        await using RagRuntime runtime = Start(ServerFixture.UniqueName());
        await AddAsync(runtime, [new RagDocument("long.md", string.Join("\n\n", paragraphs))]);
        int before = await runtime.IndependentPassages.PrepareAsync(cancellationToken: TestEnds);
        await AddAsync(runtime, [new RagDocument("long.md", string.Join("\n\n", [.. paragraphs[..^1], "The last ferry is painted green now."]))]);

        var seen = new Seen();
        int after = await runtime.IndependentPassages.PrepareAsync(seen, TestEnds);

        long chunks = (await runtime.Index.CountAsync(TestEnds)).Chunks;
        Assert.Equal(chunks, seen.Last);
        Assert.InRange(after, 1, before - 1);
    }

    [Fact]
    public async Task ExactAnswersStayAsTheyAreBesideIndependentOnes()
    {
        string corpus = ServerFixture.UniqueName();
        await using RagRuntime runtime = Start(corpus, reuse: PassageReuse.Exact);
        await IndexAsync(runtime);
        var exact = new List<string>();
        foreach (string question in Questions)
        {
            exact.Add((await runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds)).Text);
        }

        RagAnswer[] answers = await Task.WhenAll(Questions.SelectMany(question => new PassageReuse?[] { null, PassageReuse.Independent }
            .Select(reuse => runtime.Generator.GenerateAsync(new RagRequest(question) { PassageReuse = reuse }, TestEnds))));

        Assert.Equal(exact, answers.Where((_, i) => i % 2 == 0).Select(answer => answer.Text));
        Assert.All(answers.Where((_, i) => i % 2 == 0), answer => Assert.Equal(0, answer.Usage.IndependentTokens));
        Assert.All(answers.Where((_, i) => i % 2 == 1), answer => Assert.True(answer.Usage.IndependentTokens > 0));
        Assert.Equal(0, runtime.GetStatus().KvCellsReserved);
    }

    private static async Task<IInferenceModel> LoadModelAsync() => await new LlamaEngine().LoadModelAsync(
        new ModelOptions { Path = ModelPath }, null, TestEnds);

    private static string ModelPath { get; } = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf");

    private static async Task<Prompt> PromptOfAsync(RagRuntime runtime, RagAnswer answer)
    {
        ITokenizer tokenizer = await runtime.Corpus.GetTokenizerAsync(TestEnds);
        Passage[] passages =
        [
            .. answer.Passages.Select(passage => new Passage(
                passage.Path, passage.Chunk, 1, 1, passage.Score, passage.Text, PassageFormat.TokenizeChunk(tokenizer, passage.Trail, passage.Text))),
        ];
        using IInferenceModel model = await LoadModelAsync();
        var defaults = new RedisInferOptions();
        return PromptBuilder.Create(model, defaults.Capacity.ContextSize, defaults.SystemPrompt, enableThinking: false, TimeProvider.System)
            .Build(answer.Question, passages, MaxOutputTokens);
    }

    private static async Task IndexAsync(RagRuntime runtime)
    {
        await foreach (IndexedDocument _ in runtime.Index.AddDirectoryAsync(
            Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"), cancellationToken: TestEnds))
        {
        }
    }

    private static async Task AddAsync(RagRuntime runtime, IEnumerable<RagDocument> documents)
    {
        await foreach (IndexedDocument _ in runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds))
        {
        }
    }

    private RagRuntime Start(
        string corpus,
        int recomputedTokens = 0,
        KvType kvType = KvType.F16,
        bool flashAttention = true,
        PassageReuse reuse = PassageReuse.Independent) => new(
        new RedisInferOptions
        {
            ModelPath = ModelPath,
            Corpus = corpus,
            Retrieval = { TopK = 3 },
            MaxOutputTokens = MaxOutputTokens,
            Engine = { Threads = 1, KvType = kvType, FlashAttention = flashAttention },
            Sampling = new SamplingOptions { Temperature = 0 },
            KvCache = { PassageReuse = reuse, RecomputedTokens = recomputedTokens, Secret = "of this test" },
        },
        new RagComponents { Connection = server.Connection });

    private sealed class Seen : IProgress<int>
    {
        public int Last { get; private set; }

        public void Report(int value) => Last = value;
    }
}
