using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Scheduling;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Unit.Scheduling;

public sealed class DecodeLoopTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    private readonly EchoModel _model = new();

    [Fact]
    public async Task ManyRequestsAtOnceEachGetTheirOwnAnswer()
    {
        await using DecodeLoop loop = await StartAsync(contextSize: 400, sequences: 4, batchSize: 16);
        string[] prompts = [.. Enumerable.Range(0, 40).Select(i => $"answer {i} of {new string((char)('a' + (i % 26)), i)}")];

        string[] answers = await Task.WhenAll(prompts.Select(prompt => AskAsync(loop, prompt)));

        Assert.Equal(prompts, answers);
        Assert.Equal(0, _model.Context!.UsedCells);
        Assert.Equal(0, _model.LiveSamplers);
        Assert.True(_model.Context.MostSequencesInABatch > 1, "Nothing was batched.");
    }

    [Fact]
    public async Task AnswerEndsAtTheMostTokensAllowed()
    {
        await using DecodeLoop loop = await StartAsync();
        GenerationStream stream = await loop.SubmitAsync(Request("abcdef", maxOutputTokens: 3), TestEnds);

        Assert.Equal("abc", await ReadAsync(stream));
        GenerationResult result = await stream.Result;
        Assert.False(result.Stopped);
        Assert.Equal(3, result.GeneratedTokens);
    }

    [Fact]
    public async Task AnswerEndsBeforeAStopSequence()
    {
        await using DecodeLoop loop = await StartAsync();
        GenerationStream stream = await loop.SubmitAsync(Request("one. two. three.") with { StopSequences = [". t"] }, TestEnds);

        Assert.Equal("one", await ReadAsync(stream));
        Assert.True((await stream.Result).Stopped);
    }

    [Fact]
    public async Task FullQueueRefusesWhereTheHostSaysSo()
    {
        using var hold = new ManualResetEventSlim();
        _model.BeforeDecode = (_, _) => hold.Wait(Patience);
        await using DecodeLoop loop = await StartAsync(sequences: 1, queueCapacity: 1, fullQueue: FullQueueBehavior.Refuse);
        GenerationStream running = await SubmitUntilRunningAsync(loop, "first");
        GenerationStream waiting = await loop.SubmitAsync(Request("second"), TestEnds);

        var error = await Assert.ThrowsAsync<RedisInferException>(() => loop.SubmitAsync(Request("third"), TestEnds));
        hold.Set();

        Assert.Equal(RedisInferErrorCode.QueueFull, error.Code);
        Assert.Equal("first", await ReadAsync(running));
        Assert.Equal("second", await ReadAsync(waiting));
    }

    [Fact]
    public async Task FullQueueMakesOthersWaitAndEveryoneIsAnswered()
    {
        await using DecodeLoop loop = await StartAsync(sequences: 1, queueCapacity: 1);

        string[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => AskAsync(loop, $"question {i}")));

        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"question {i}"), answers);
    }

    [Fact]
    public async Task CancellingInsideAPrefillAbortsTheStepAndLeavesTheOthersRight()
    {
        using var cancel = new CancellationTokenSource();
        _model.BeforeDecode = (batch, step) =>
        {
            if (batch.Tokens.Contains('x'))
            {
                cancel.Cancel();
                Assert.True(step.IsCancellationRequested);
            }
        };
        await using DecodeLoop loop = await StartAsync(contextSize: 400, batchSize: 32);
        Task<string> other = AskAsync(loop, "a longer answer that is under way meanwhile");

        GenerationStream stream = await loop.SubmitAsync(Request(new string('x', 60)), cancel.Token);
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(stream));

        Assert.Equal("a longer answer that is under way meanwhile", await other);
        Assert.Equal("after", await AskAsync(loop, "after"));
        Assert.Equal(0, _model.Context!.UsedCells);
    }

    [Fact]
    public async Task SlowReaderPausesItsOwnSequenceOnly()
    {
        await using DecodeLoop loop = await StartAsync(contextSize: 2000, sequences: 2);
        string longAnswer = new('s', 300);
        GenerationStream slow = await loop.SubmitAsync(Request(longAnswer), TestEnds);

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal($"quick {i}", await AskAsync(loop, $"quick {i}"));
        }

        Assert.False(slow.Result.IsCompleted);
        Assert.Equal(longAnswer, await ReadAsync(slow));
    }

    [Fact]
    public async Task FailedStepFailsItsRequestsAndTheLoopGoesOn()
    {
        _model.BeforeDecode = (batch, _) =>
        {
            if (batch.Tokens.Contains('!'))
            {
                throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "no");
            }
        };
        await using DecodeLoop loop = await StartAsync();

        GenerationStream stream = await loop.SubmitAsync(Request("fail!"), TestEnds);
        var error = await Assert.ThrowsAsync<RedisInferException>(() => ReadAsync(stream));

        Assert.Equal(RedisInferErrorCode.DecodeFailed, error.Code);
        Assert.Equal("fine", await AskAsync(loop, "fine"));
        Assert.Equal(0, _model.LiveSamplers);
    }

    [Fact]
    public async Task DisposalEndsWhatRunsAndWhatWaitsAndFreesTheContext()
    {
        using var hold = new ManualResetEventSlim();
        _model.BeforeDecode = (_, step) => WaitHandle.WaitAny([hold.WaitHandle, step.WaitHandle], Patience);
        DecodeLoop loop = await StartAsync(sequences: 1);
        GenerationStream running = await SubmitUntilRunningAsync(loop, "first");
        GenerationStream waiting = await loop.SubmitAsync(Request("second"), TestEnds);

        await loop.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(running));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(waiting));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => loop.SubmitAsync(Request("third"), TestEnds));
        Assert.True(_model.Context!.Disposed);
        Assert.Equal(0, _model.LiveSamplers);
        await loop.DisposeAsync();
    }

    private static GenerationRequest Request(string text, int maxOutputTokens = 400) => new(
        [.. (text + EchoModel.EndOfPrompt).Select(c => (int)c)],
        Math.Min(maxOutputTokens, text.Length + 1),
        new SamplingOptions(),
        []);

    private static async Task<string> AskAsync(DecodeLoop loop, string text) =>
        await ReadAsync(await loop.SubmitAsync(Request(text), TestEnds));

    private static async Task<string> ReadAsync(GenerationStream stream)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);
        timeout.CancelAfter(Patience);
        string text = "";
        await foreach (string piece in stream.ReadAsync(timeout.Token))
        {
            text += piece;
        }

        return text;
    }

    private Task<DecodeLoop> StartAsync(
        int contextSize = 200,
        int sequences = 4,
        int batchSize = 64,
        int queueCapacity = 64,
        FullQueueBehavior fullQueue = FullQueueBehavior.Wait) => DecodeLoop.StartAsync(
        _model,
        new DecodeLoopOptions
        {
            Context = new ContextOptions { ContextSize = contextSize, MaxSequences = sequences, BatchSize = batchSize },
            QueueCapacity = queueCapacity,
            FullQueue = fullQueue,
        },
        NullLogger.Instance,
        TimeProvider.System);

    /// <summary>Submits a request and waits until the loop is inside its first decode.</summary>
    private async Task<GenerationStream> SubmitUntilRunningAsync(DecodeLoop loop, string text)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<TokenBatch, CancellationToken>? then = _model.BeforeDecode;
        _model.BeforeDecode = (batch, step) =>
        {
            entered.TrySetResult();
            then?.Invoke(batch, step);
        };
        GenerationStream stream = await loop.SubmitAsync(Request(text), TestEnds);
        await entered.Task.WaitAsync(Patience, TestEnds);
        return stream;
    }
}
