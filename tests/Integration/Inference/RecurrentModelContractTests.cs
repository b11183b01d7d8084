using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Inference;
using RedisInfer.Scheduling;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>A model whose memory is a recurrent state, through the engine and through the decode loop.</summary>
public abstract class RecurrentModelContractTests(EngineUnderTest engine)
{
    private const int BatchSize = 128;
    private const string Prompt = "How long are the backups of the orders database kept?";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    private IInferenceModel Model => engine.Load(TestModels.Recurrent);

    [Fact]
    public void StateCannotGoBackAndIsRemovedOnlyAsAWhole()
    {
        using IInferenceContext context = Model.Context();
        float[] first = context.LogitsAfter(0, Model.Tokens(Prompt));

        Assert.False(context.CanSplitSequences);
        Assert.Throws<ArgumentException>(() => context.RemoveSequence(0, 5));
        context.RemoveSequence(0);

        Assert.Equal(0, context.GetSequenceLength(0));
        InferenceSteps.AssertClose(first, context.LogitsAfter(0, Model.Tokens(Prompt)));
    }

    [Fact]
    public void BatchesOfAContextWithoutBoundAreBounded()
    {
        using IInferenceContext context = Model.CreateContext(new ContextOptions { ContextSize = 1 << 30, BatchSize = int.MaxValue - 256, Threads = 1 });

        Assert.InRange(context.BatchSize, 1, 1 << 20);
        Assert.NotEmpty(context.LogitsAfter(0, Model.Tokens(Prompt)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelledPromptsLeaveTheLoopAndTheOthersRight(bool alone)
    {
        await using DecodeLoop loop = await StartAsync();
        string expected = await AskAsync(loop, Prompt, outputTokens: 40);
        int[] longPrompt = [.. Enumerable.Range(0, 3500).Select(i => 300 + (i % 50))];
        for (int i = 0; i < 8; i++)
        {
            Task<string> other = alone ? Task.FromResult(expected) : AskAsync(loop, Prompt, outputTokens: 40);
            using var cancel = new CancellationTokenSource();
            using QueuePlace place = await loop.EnterAsync("", 1, TestEnds);
            CompletionStream left = loop.Submit(new CompletionRequest(longPrompt, 10, new SamplingOptions(), []), place, cancel.Token);
            await WaitUntilAsync(() => loop.Metrics.Read().KvCellsUsed >= BatchSize * (1 + (i % 3)) || left.Result.IsCompleted);
            await cancel.CancelAsync();

            // On a busy machine it may have ended before.
            Exception? end = await Record.ExceptionAsync(() => left.ReadAsync(TestEnds).ToListAsync(TestEnds).AsTask());
            Assert.True(end is null or OperationCanceledException, end?.ToString());
            Assert.Equal(expected, await other);
        }

        Assert.Equal(expected, await AskAsync(loop, Prompt, outputTokens: 40));
        Assert.False(loop.HasFailed);
        Assert.Equal(0, loop.Metrics.Read().KvCellsReserved);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
        timeout.CancelAfter(Patience);
        while (!condition())
        {
            await Task.Delay(1, timeout.Token);
        }
    }

    private async Task<string> AskAsync(DecodeLoop loop, string prompt, int outputTokens)
    {
        using QueuePlace place = await loop.EnterAsync("", 1, TestEnds);
        var request = new CompletionRequest(Model.Tokens(prompt), outputTokens, new SamplingOptions(), []);
        return string.Concat(await loop.Submit(request, place, TestEnds).ReadAsync(TestEnds).ToListAsync(TestEnds));
    }

    private Task<DecodeLoop> StartAsync() => DecodeLoop.StartAsync(
        Model,
        new DecodeLoopOptions
        {
            Context = new ContextOptions { ContextSize = 4096, MaxSequences = 2, BatchSize = BatchSize, Threads = 1 },
            DraftTokens = 15,
            QueueCapacity = 4,
        },
        new SchedulerMetrics(null, Model.Info, TimeProvider.System),
        NullLogger.Instance,
        TimeProvider.System);
}
