using RedisInfer.Errors;
using RedisInfer.Llama;
using RedisInfer.Redis;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>
/// Indexes and asks through the public API, on a real server with a real engine. The model has random weights. Its text is
/// meaningless but deterministic, so these tests check everything except the wording.
/// </summary>
public abstract partial class RagContractTests(ServerFixture server) : RagContract(server)
{
    private const string Question = "How long are backups of the orders database kept?";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task QuestionFindsItsPassageAndIsAnswered()
    {
        await using RagRuntime runtime = await StartWithHandbookAsync();

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);

        RagPassage best = answer.Passages.MaxBy(passage => passage.Score)!;
        Assert.Equal(Handbook.Backups.Path, best.Path);
        Assert.Contains("35 days", best.Text);
        Assert.Equal((1, 5), (best.StartLine, best.EndLine));
        Assert.Equal(answer.Passages.Select(passage => passage.Path).Order(StringComparer.Ordinal), answer.Passages.Select(passage => passage.Path));
        Assert.True(answer.Usage.PromptTokens > answer.Passages.Sum(passage => passage.TokenCount));
        Assert.InRange(answer.Usage.GeneratedTokens, 1, MaxOutputTokens);
        Assert.True(answer.Context.Bytes > 0);
        Assert.True(answer.Timings.FirstToken > TimeSpan.Zero && answer.Timings.FirstToken <= answer.Timings.Total);
        Assert.True(answer.Timings.Prefill + answer.Timings.Decode <= answer.Timings.Total);
    }

    [Fact]
    public async Task StreamingGivesPassagesFirstThenTheTextOfTheWholeAnswer()
    {
        await using RagRuntime runtime = await StartWithHandbookAsync();
        var updates = new List<RagUpdate>();

        await foreach (RagUpdate update in runtime.Generator.GenerateStreamingAsync(new RagRequest(Question), TestEnds))
        {
            updates.Add(update);
        }

        RagAnswer whole = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        Assert.NotEmpty(updates[0].Passages!);
        Assert.All(updates.Skip(1), update => Assert.Null(update.Passages));
        Assert.All(updates.SkipLast(1), update => Assert.Null(update.Answer));
        Assert.Equal(whole.Text, updates[^1].Answer!.Text);
        Assert.Equal(whole.Text, string.Concat(updates.Select(update => update.Text)));
    }

    [Fact]
    public async Task CallersAtOnceGetWhatEachWouldGetAlone()
    {
        await using RagRuntime runtime = await StartWithHandbookAsync();
        string[] questions = [Question, "Which port does the gateway listen on?", "Who approves travel costs?", "meal allowance"];
        var alone = new List<string>();
        foreach (string question in questions)
        {
            alone.Add((await runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds)).Text);
        }

        RagAnswer[] together = await Task.WhenAll(Enumerable.Range(0, 12).Select(
            i => runtime.Generator.GenerateAsync(new RagRequest(questions[i % questions.Length]), TestEnds)));

        Assert.All(together, answer => Assert.Equal(alone[Array.IndexOf(questions, answer.Question)], answer.Text));
    }

    [Fact]
    public async Task AskWithEmptyIndexReturnsNoCitations()
    {
        await using RagRuntime runtime = Start();

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);

        Assert.Equal(RagFinishReason.NoContext, answer.FinishReason);
        Assert.Equal(RedisInferOptions.DefaultNoContextText, answer.Text);
        Assert.Empty(answer.Citations);
        Assert.Empty(answer.Passages);
    }

    [Fact]
    public async Task LeavingAStreamFreesItsPlace()
    {
        await using RagRuntime runtime = await StartWithHandbookAsync(maxConcurrentRequests: 1);
        for (int i = 0; i < 5; i++)
        {
            await foreach (RagUpdate update in runtime.Generator.GenerateStreamingAsync(new RagRequest(Question), TestEnds))
            {
                if (update.Passages is not null)
                {
                    continue;
                }

                break;
            }
        }

        Assert.NotNull(await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds));
    }

    [Fact]
    public async Task LeavingAStreamAtItsPassagesEndsItsAnswer()
    {
        await using RagRuntime runtime = await StartWithHandbookAsync(maxConcurrentRequests: 1);

        // The answer is longer than the buffer of its stream, so it cannot end unread.
        var request = new RagRequest(Question) { MaxOutputTokens = 300 };
        await foreach (RagUpdate update in runtime.Generator.GenerateStreamingAsync(request, TestEnds))
        {
            Assert.NotEmpty(update.Passages!);
            break;
        }

        Assert.NotNull(await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds).WaitAsync(Patience, TestEnds));
        Assert.Equal(1, runtime.GetStatus().Cancelled);
    }

    [Fact]
    public async Task ConsumerThatStopsAtTheAnswerWithoutContextHoldsNoPlace()
    {
        await using RagRuntime runtime = Start(configure: options =>
        {
            options.Capacity.QueueCapacity = 1;
            options.Capacity.FullQueue = FullQueueBehavior.Refuse;
        });
        await using IAsyncEnumerator<RagUpdate> stopped =
            runtime.Generator.GenerateStreamingAsync(new RagRequest(Question), TestEnds).GetAsyncEnumerator(TestEnds);
        Assert.True(await stopped.MoveNextAsync());

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);

        Assert.Equal(RagFinishReason.NoContext, answer.FinishReason);
        Assert.Equal(0, runtime.GetStatus().Waiting);
    }

    [Fact]
    public async Task LoopThatHasFailedIsReplacedAtTheNextQuestion()
    {
        var engine = new FailingEngine(new LlamaEngine());
        await using RagRuntime runtime = Start(engine: engine);
        await AddAllAsync(runtime);
        engine.BeforeDecode = _ => throw new InvalidOperationException("The test broke the engine.");
        var error = await Assert.ThrowsAsync<RedisInferException>(() => runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds));
        engine.BeforeDecode = null;

        Assert.Equal(RedisInferErrorCode.DecodeFailed, error.Code);
        Assert.False(runtime.GetStatus().IsReady);
        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        Assert.NotEmpty(answer.Text);
        Assert.True(runtime.GetStatus().IsReady);
    }

    [Fact]
    public async Task CancelledRequestEndsAsCancelledAndTheNextIsAnswered()
    {
        await using RagRuntime runtime = await StartWithHandbookAsync(maxConcurrentRequests: 1);
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            await foreach (RagUpdate update in runtime.Generator.GenerateStreamingAsync(new RagRequest(Question), cancel.Token))
            {
                await cancel.CancelAsync();
            }
        });

        Assert.NotNull(await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds));
    }

    [Fact]
    public async Task ReAddingWritesOnlyWhatChanged()
    {
        await using RagRuntime runtime = Start();
        List<IndexedDocument> first = await AddAllAsync(runtime);
        List<IndexedDocument> second = await AddAllAsync(runtime);
        IndexedDocument changed = await runtime.Index.AddAsync(Handbook.Travel with { Text = "The daily meal allowance is 50 euros." }, TestEnds);

        Assert.All(first, document => Assert.Equal(IndexingStatus.Added, document.Status));
        Assert.All(second, document => Assert.Equal(IndexingStatus.Unchanged, document.Status));
        Assert.Equal(first.Select(document => document.ChunkCount), second.Select(document => document.ChunkCount));
        Assert.Equal(IndexingStatus.Updated, changed.Status);
        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest("What is the daily meal allowance?"), TestEnds);
        Assert.Contains(answer.Passages, passage => passage.Text.Contains("50 euros"));
        Assert.DoesNotContain(answer.Passages, passage => passage.Text.Contains("42 euros"));
    }

    [Fact]
    public async Task RemovedDocumentIsNeitherListedNorFound()
    {
        await using RagRuntime runtime = await StartWithHandbookAsync();

        Assert.True(await runtime.Index.RemoveAsync(Handbook.Backups.Path, TestEnds));
        Assert.False(await runtime.Index.RemoveAsync(Handbook.Backups.Path, TestEnds));

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        Assert.DoesNotContain(answer.Passages, passage => passage.Path == Handbook.Backups.Path);
        List<DocumentInfo> listed = await runtime.Index.ListAsync(TestEnds).ToListAsync(TestEnds);
        Assert.Equal([Handbook.Gateway.Path, Handbook.Travel.Path], listed.Select(document => document.Path).Order(StringComparer.Ordinal));
        IndexCount count = await runtime.Index.CountAsync(TestEnds);
        Assert.Equal((2, listed.Sum(document => document.ChunkCount)), (count.Documents, count.Chunks));
    }

    [Fact]
    public async Task IndexMadeWithAnotherEmbeddingIsRefusedWithAdvice()
    {
        await using (RagRuntime lexical = await StartWithHandbookAsync())
        {
        }

        await using RagRuntime other = Start(embeddingModel: TestModels.LexicalEmbedding);
        var asking = await Assert.ThrowsAsync<RedisInferException>(() => other.Generator.GenerateAsync(new RagRequest(Question), TestEnds));
        var adding = await Assert.ThrowsAsync<RedisInferException>(() => other.Index.AddAsync(Handbook.Backups, TestEnds));
        Assert.Equal(RedisInferErrorCode.IndexMismatch, asking.Code);
        Assert.Equal(RedisInferErrorCode.IndexMismatch, adding.Code);

        await other.Index.ClearAsync(TestEnds);
        await AddAllAsync(other);
        RagAnswer answer = await other.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        Assert.Equal(Handbook.Backups.Path, answer.Passages.MaxBy(passage => passage.Score)!.Path);
    }

    [Fact]
    public async Task IndexOutlivesTheRuntime()
    {
        await using (RagRuntime writer = await StartWithHandbookAsync())
        {
        }

        await using RagRuntime reader = Start();
        RagAnswer answer = await reader.Generator.GenerateAsync(new RagRequest(Question), TestEnds);
        Assert.Contains(answer.Passages, passage => passage.Path == Handbook.Backups.Path);
    }

    [Fact]
    public async Task PathsOfAnyKindAreIndexedAndCited()
    {
        await using RagRuntime runtime = Start();
        (string Path, string Word)[] documents =
        [
            ("with space.md", "falcon"), ("a:b:chunk_1.md", "heron"), ("{braces}/x.md", "kestrel"),
            ("документы/日本語.md", "osprey"), ("new\nline.md", "sparrow"), ("quote\"'.md", "pelican"),
        ];
        foreach ((string path, string word) in documents)
        {
            await runtime.Index.AddAsync(new RagDocument(path, $"The {word} lantern is violet."), TestEnds);
        }

        foreach ((string path, string word) in documents)
        {
            RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest($"What colour is the {word} lantern?") { TopK = 1 }, TestEnds);
            Assert.Equal(path, Assert.Single(answer.Passages).Path);
        }
    }

    [Fact]
    public async Task QuestionLongerThanTheContextIsRefusedAndTheNextIsAnswered()
    {
        await using RagRuntime runtime = await StartWithHandbookAsync();

        var error = await Assert.ThrowsAsync<RedisInferException>(() => runtime.Generator.GenerateAsync(
            new RagRequest(string.Concat(Enumerable.Repeat("backups of the orders database ", 4000))), TestEnds));

        Assert.Equal(RedisInferErrorCode.ContextTooLong, error.Code);
        Assert.NotNull(await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n ")]
    public async Task EmptyQuestionIsAWrongArgument(string question)
    {
        await using RagRuntime runtime = Start();

        await Assert.ThrowsAsync<ArgumentException>(() => runtime.Generator.GenerateAsync(new RagRequest(question), TestEnds));
    }

    [Fact]
    public async Task MoreMemoryThanThereIsIsRefusedBeforeAnythingIsLoaded()
    {
        await using RagRuntime runtime = Start(memoryLimitBytes: 600L << 20, contextSize: 1 << 20);

        var error = await Assert.ThrowsAsync<RedisInferException>(() => runtime.WarmUpAsync(cancellationToken: TestEnds));

        Assert.Equal(RedisInferErrorCode.OverBudget, error.Code);
        Assert.Contains("KV cache of 1048576 tokens", error.Message, StringComparison.Ordinal);
        Assert.Contains("600 MiB", error.Message, StringComparison.Ordinal);
        Assert.Contains("Redis on this machine", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("words and vectors of the corpus", error.Message, StringComparison.Ordinal);
        Assert.False(runtime.GetStatus().IsReady);
    }

    [Fact]
    public async Task StatusTellsWhatWasAnsweredAndWhatMemoryIsNeeded()
    {
        await using RagRuntime runtime = await StartWithHandbookAsync();

        await runtime.Generator.GenerateAsync(new RagRequest(Question) { Caller = "someone", Priority = 2 }, TestEnds);

        RagStatus status = runtime.GetStatus();
        Assert.Equal(1, status.Answered);
        Assert.Equal(0, status.KvCellsReserved);
        Assert.Contains("model", status.Memory!, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(
            () => runtime.Generator.GenerateAsync(new RagRequest(Question) { Priority = 0 }, TestEnds));

        await using RagRuntime next = Start();
        await next.WarmUpAsync(cancellationToken: TestEnds);
        Assert.Contains("words and vectors of the corpus", next.GetStatus().Memory!, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pinned")]
    [InlineData("copying")]
    public async Task PassagesComeByTheLoaderOfTheHost(string strategy)
    {
        IContextLoader loader = strategy == "pinned" ? new PinnedContextLoader(maxBuffers: 1) : new CopyingContextLoader();
        await using RagRuntime runtime = await StartWithLikeDocumentsAsync(loader);

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);

        // No KV state was cached before, so none was restored: the strategy and the reason are those of the passages.
        Assert.Equal((strategy, null, 0), (answer.Context.Strategy, answer.Context.Reason, answer.Context.RestoredTokens));
        Assert.True(answer.Passages.Count > 1);
    }

    [Fact]
    public async Task PassagesAreCopiedWhereAllBuffersAreInUseAndTheAnswerSaysSo()
    {
        var loader = new AdaptiveContextLoader(maxBuffers: 1);
        await using RagRuntime runtime = await StartWithLikeDocumentsAsync(loader);
        IDatabase database = (await Server.ConnectAsync()).GetDatabase();
        await database.StringSetAsync(Corpus, "held");
        using LoadedContext? held = await loader.LoadAsync(database, Corpus, TestEnds);

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds);

        Assert.Equal(("copying", "all pinned buffers are in use"), (answer.Context.Strategy, answer.Context.Reason));
    }

    [Fact]
    public async Task DisposedRuntimeRefusesEverything()
    {
        RagRuntime runtime = await StartWithHandbookAsync();
        await runtime.DisposeAsync();
        await runtime.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => runtime.Generator.GenerateAsync(new RagRequest(Question), TestEnds));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => runtime.Index.CountAsync(TestEnds));
    }

    private static async Task<List<IndexedDocument>> AddAllAsync(RagRuntime runtime) =>
        await runtime.Index.AddAsync(Handbook.AllAsync(), TestEnds).ToListAsync(TestEnds);

    private async Task<RagRuntime> StartWithLikeDocumentsAsync(IContextLoader loader)
    {
        RagRuntime runtime = Start(loader: loader);
        IEnumerable<RagDocument> documents = Enumerable.Range(0, 24).Select(i => new RagDocument(
            $"{i}.md",
            i < 4 ? $"Backups of the orders database are kept for {i} days on server {i}." : $"Room {i} on floor {i} has a table and {i} chairs."));
        await runtime.Index.AddAsync(documents.ToAsyncEnumerable(), TestEnds).CountAsync(TestEnds);
        return runtime;
    }

    private async Task<RagRuntime> StartWithHandbookAsync(int maxConcurrentRequests = 4)
    {
        RagRuntime runtime = Start(maxConcurrentRequests);
        await AddAllAsync(runtime);
        return runtime;
    }
}
