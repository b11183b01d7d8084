using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.Prompting;
using RedisInfer.Reuse;
using RedisInfer.Scheduling;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Unit.Reuse;

/// <summary>
/// The model repeats the content of its cells, and its context accepts no gap and no overlap. An answer is therefore right only if
/// every passage was put at its position.
/// </summary>
public sealed class PassageGathererTests
{
    private const string Head = "Head:\n";
    private const int BlockTokens = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string[] Texts = ["the first text\n\n", "x\n\n", "the third and longest of the texts\n\n"];
    private static readonly PassageSetting AfterHead = new(AfterHead: true, 0);

    private readonly EchoModel _model = new();
    private readonly ReusePlanner _planner = new(new KvIdentity([], "echo", ""), BlockTokens);

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false, 0)]
    [InlineData(false, 1)]
    [InlineData(false, 5)]
    [InlineData(true, 0)]
    [InlineData(true, 5)]
    public async Task PassagesComputedWithoutEachOtherArePutInTheirPlaces(bool afterHead, int recomputedTokens)
    {
        await using DecodeLoop loop = await StartAsync();
        var setting = new PassageSetting(afterHead, recomputedTokens);
        Prompt prompt = Make(Texts);

        (string first, CompletionResult cold) = await AskAsync(loop, prompt, setting);
        (string again, CompletionResult warm) = await AskAsync(loop, prompt, setting);

        string text = CharTokenizer.Read(prompt.Tokens)[..^1];
        int independent = Texts.Sum(passage => Math.Max(0, passage.Length - recomputedTokens));
        Assert.Equal((text, text), (first, again));
        Assert.Equal((independent, independent), (cold.Reuse.IndependentTokens, warm.Reuse.IndependentTokens));
        Assert.Equal(0, cold.Reuse.Tokens);
        Assert.True(warm.Reuse.Tokens >= prompt.PartEnds[^1]);
        Assert.Equal(0, loop.Metrics.Read().KvCellsReserved);
    }

    [Fact]
    public async Task PassageIsReusedWhereverItStandsAndWhateverStandsBefore()
    {
        await using DecodeLoop loop = await StartAsync();
        await AskAsync(loop, Make(Texts), AfterHead);
        Prompt other = Make("quite new\n\n", Texts[2], Texts[0]);
        int decoded = 0;
        _model.BeforeDecode = (batch, _) => decoded += batch.Count;

        (string answer, CompletionResult result) = await AskAsync(loop, other, AfterHead);

        Assert.Equal(CharTokenizer.Read(other.Tokens)[..^1], answer);

        // The heading of the first passage begins with the same block as before.
        Assert.Equal(Head.Length + BlockTokens + Texts[2].Length + Texts[0].Length, result.Reuse.Tokens);
        Assert.Equal(other.Tokens.Length - result.Reuse.Tokens, decoded - result.GeneratedTokens + 1);
    }

    [Fact]
    public async Task ExactPromptNeverFindsWhatWasComputedWithoutTheOthers()
    {
        await using DecodeLoop loop = await StartAsync();
        Prompt prompt = Make(Texts);
        await AskAsync(loop, prompt, AfterHead);

        (_, CompletionResult result) = await AskAsync(loop, prompt, setting: null);

        Assert.Equal(Head.Length, result.Reuse.Tokens);
        Assert.Equal(0, result.Reuse.IndependentTokens);
    }

    [Fact]
    public async Task CallersOfBothKindsAtOnceEachGetTheirOwnAnswer()
    {
        await using DecodeLoop loop = await StartAsync(contextSize: 1500);
        Prompt[] prompts = [.. Enumerable.Range(0, 24).Select(i => Make([.. Texts.Skip(i % 2), $"passage {i % 5}\n\n"]))];

        (string Text, CompletionResult)[] answers = await Task.WhenAll(
            prompts.Select((prompt, i) => AskAsync(loop, prompt, i % 3 == 0 ? null : AfterHead with { RecomputedTokens = i % 4 })));

        Assert.Equal(prompts.Select(prompt => CharTokenizer.Read(prompt.Tokens)[..^1]), answers.Select(answer => answer.Text));
        Assert.Equal(0, loop.Metrics.Read().KvCellsReserved);
        Assert.Equal(0, _model.Context!.UsedCells);
    }

    [Fact]
    public async Task CancelledWhileItsPassagesAreComputedGivesItsCellsBack()
    {
        using var cancel = new CancellationTokenSource();
        await using DecodeLoop loop = await StartAsync(poolBytes: 0);
        _model.BeforeDecode = (batch, _) =>
        {
            if (batch.Positions[0] > Head.Length)
            {
                cancel.Cancel();
            }
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => AskAsync(loop, Make(Texts), AfterHead, cancel.Token));
        _model.BeforeDecode = null;
        (string answer, _) = await AskAsync(loop, Make(Texts[1..]), AfterHead);

        Assert.Equal(CharTokenizer.Read(Make(Texts[1..]).Tokens)[..^1], answer);
        Assert.Equal(0, _model.Context!.UsedCells);
    }

    [Fact]
    public async Task StepThatFailsWhilePassagesAreComputedEndsNobodyElse()
    {
        await using DecodeLoop loop = await StartAsync(poolBytes: 0);
        int fails = 2;
        _model.BeforeDecode = (batch, _) =>
        {
            if (batch.Positions[0] > Head.Length && Interlocked.Decrement(ref fails) >= 0)
            {
                throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "The test injected this failure.");
            }
        };

        Task<(string Text, CompletionResult)>[] answers = [.. Enumerable.Range(0, 3).Select(_ => AskAsync(loop, Make(Texts), AfterHead))];
        await ((Task)Task.WhenAll(answers)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);

        Assert.InRange(answers.Count(answer => answer.IsFaulted), 1, 2);
        Assert.All(
            answers.Where(answer => !answer.IsFaulted),
            answer => Assert.Equal(CharTokenizer.Read(Make(Texts).Tokens)[..^1], answer.Result.Text));
        Assert.Equal(0, _model.Context!.UsedCells);
    }

    [Fact]
    public async Task PromptThatIsOnlyReadIsThereForTheNext()
    {
        await using DecodeLoop loop = await StartAsync();
        Prompt prompt = Make(Texts);
        int[] passage = [.. Tokens(Head), .. Tokens(Texts[2])];
        var request = new CompletionRequest(passage, MaxOutputTokens: 0, new SamplingOptions(), [])
        {
            Chain = _planner.Passage(Tokens(Head), Tokens(Texts[2])),
        };

        (string nothing, CompletionResult read) = await RunAsync(loop, request, TestEnds);
        (string again, CompletionResult readAgain) = await RunAsync(loop, request, TestEnds);
        (string answer, CompletionResult result) = await AskAsync(loop, prompt, AfterHead);

        Assert.Equal(("", "", 0), (nothing, again, read.GeneratedTokens));
        Assert.Equal((0, passage.Length), (read.Reuse.Tokens, readAgain.Reuse.Tokens));
        Assert.Equal(CharTokenizer.Read(prompt.Tokens)[..^1], answer);
        Assert.Equal(passage.Length, result.Reuse.Tokens);
    }

    [Fact]
    public async Task RequestIsAdmittedAfterPromptsThatNeedNoStepAtAll()
    {
        await using DecodeLoop loop = await StartAsync(sequences: 1);
        int[] passage = [.. Tokens(Head), .. Tokens(Texts[2])];
        var known = new CompletionRequest(passage, MaxOutputTokens: 0, new SamplingOptions(), [])
        {
            Chain = _planner.Passage(Tokens(Head), Tokens(Texts[2])),
        };
        await RunAsync(loop, known, TestEnds);
        using var hold = new ManualResetEventSlim();
        _model.BeforeDecode = (_, _) => hold.Wait(Patience);
        Prompt prompt = Make(Texts);

        // Its text is not read before the end, because each read piece wakes the loop.
        using QueuePlace place = await loop.EnterAsync("", 1, TestEnds);
        var first = new CompletionRequest([.. Tokens($"first{EchoModel.EndOfPrompt}")], MaxOutputTokens: 6, new SamplingOptions(), []);
        CompletionStream running = loop.Submit(first, place, TestEnds);
        Task[] prepared = [.. Enumerable.Range(0, 4).Select(_ => RunAsync(loop, known, TestEnds))];
        Task<(string Text, CompletionResult)> waiting = AskAsync(loop, prompt, setting: null);

        hold.Set();

        Assert.Equal(CharTokenizer.Read(prompt.Tokens)[..^1], (await waiting).Text);
        await Task.WhenAll([running.Result, .. prepared]);
    }

    private static int[] Tokens(string text) => new CharTokenizer().Tokenize(text, parseSpecial: false);

    private static Prompt Make(params string[] texts)
    {
        List<int> tokens = [.. Tokens(Head)];
        var passages = new List<PromptPassage>();
        List<int> partEnds = [tokens.Count];
        foreach (string text in texts)
        {
            int start = tokens.Count;
            string heading = $"[{passages.Count + 1}] a.md\n";
            tokens.AddRange(Tokens(heading + text));
            passages.Add(new PromptPassage(passages.Count + 1, new Passage("a.md", 0, 1, 1, 1, text, Tokens(text)), start, heading.Length, tokens.Count - start));
            partEnds.Add(tokens.Count);
        }

        tokens.AddRange(Tokens($"Question: why?{EchoModel.EndOfPrompt}"));
        return new Prompt([.. tokens], passages, [.. partEnds]);
    }

    private static async Task<(string Text, CompletionResult Result)> RunAsync(
        DecodeLoop loop, CompletionRequest request, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
        timeout.CancelAfter(Patience);
        using QueuePlace place = await loop.EnterAsync("", 1, timeout.Token);
        CompletionStream stream = loop.Submit(request, place, cancellationToken);
        string text = "";
        await foreach (string piece in stream.ReadAsync(timeout.Token))
        {
            text += piece;
        }

        return (text, await stream.Result);
    }

    private Task<(string Text, CompletionResult Result)> AskAsync(
        DecodeLoop loop, Prompt prompt, PassageSetting? setting, CancellationToken? cancellationToken = null)
    {
        var request = new CompletionRequest(prompt.Tokens, prompt.Tokens.Length, new SamplingOptions(), [])
        {
            Chain = setting is null ? _planner.Exact(prompt) : _planner.Independent(prompt, setting),
            Passages = setting is null ? null : _planner.Plan(prompt, setting),
        };
        return RunAsync(loop, request, cancellationToken ?? TestEnds);
    }

    private Task<DecodeLoop> StartAsync(int contextSize = 800, int poolBytes = 1 << 20, int sequences = 3) => DecodeLoop.StartAsync(
        _model,
        new DecodeLoopOptions
        {
            Context = new ContextOptions { ContextSize = contextSize, MaxSequences = sequences, BatchSize = 16 },
            PoolBytes = poolBytes,
            QueueCapacity = 64,
            PrefillSliceSize = 7,
            DraftTokens = 15,
        },
        new SchedulerMetrics(null, new EchoModel().Info, TimeProvider.System),
        NullLogger.Instance,
        TimeProvider.System);
}
