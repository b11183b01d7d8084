using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Scheduling;
using RedisInfer.Tests.Support;
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
        Assert.True(_model.Context.MostSequencesInABatch > 1, "No two requests shared a batch.");
    }

    [Fact]
    public async Task TwoWhoAreSlowerTogetherGenerateInTurns()
    {
        var time = new ManualTime();
        using var hold = new ManualResetEventSlim();
        List<int[]> generating = [];
        _model.BeforeDecode = (batch, _) =>
        {
            hold.Wait(Patience);
            time.Advance(TimeSpan.FromMilliseconds(batch.Count == 1 ? 22 : 50));
            if (batch.Outputs.IndexOf(false) < 0)
            {
                generating.Add(batch.Sequences.ToArray());
            }
        };
        await using DecodeLoop loop = await StartAsync(contextSize: 400, time: time);
        CompletionStream first = await SubmitUntilRunningAsync(loop, new string('a', 60));
        CompletionStream second = await SubmitAsync(loop, Request(new string('b', 60)), TestEnds);
        hold.Set();

        string[] answers = await Task.WhenAll(ReadAsync(first), ReadAsync(second));

        Assert.Equal([new string('a', 60), new string('b', 60)], answers);
        Assert.Single(generating, sequences => sequences.Length == 2);
        int[] turns = [.. generating.Where(sequences => sequences.Length == 1).Select(sequences => sequences[0])];
        int changes = turns.Zip(turns.Skip(1)).Count(pair => pair.First != pair.Second);
        Assert.True(changes > turns.Length / 2, $"Turns were {string.Join(' ', turns)}.");
    }

    [Fact]
    public async Task TextThatRepeatsThePromptTakesFewSteps()
    {
        var time = new ManualTime();
        int steps = 0;
        _model.BeforeDecode = (batch, _) =>
        {
            steps++;
            time.Advance(TimeSpan.FromMilliseconds(20 + (5 * batch.Count)));
        };
        await using DecodeLoop loop = await StartAsync(time: time, draftTokens: 8);
        string text = string.Concat(Enumerable.Range('0', 60).Select(letter => (char)letter));
        CompletionStream stream = await SubmitAsync(loop, Request(text), TestEnds);

        Assert.Equal(text, await ReadAsync(stream));

        CompletionResult result = await stream.Result;
        Assert.InRange(steps, 8, 30);
        Assert.InRange(result.AcceptedTokens, 40, result.ProposedTokens);
        Assert.Equal(61, result.GeneratedTokens);
        Assert.Equal(0, _model.Context!.UsedCells);
    }

    [Fact]
    public async Task ProposedTokensChangeNoAnswer()
    {
        await using DecodeLoop loop = await StartAsync(contextSize: 600, sequences: 3, batchSize: 32, draftTokens: 15);
        var random = new Random(1);
        string[] prompts = [.. Enumerable.Range(0, 60).Select(_ => RepeatingText(random))];

        string[] answers = await Task.WhenAll(prompts.Select(prompt => AskAsync(loop, prompt)));

        Assert.Equal(prompts, answers);
        Assert.Equal(0, _model.Context!.UsedCells);
        Assert.Equal(0, _model.LiveSamplers);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(9)]
    [InlineData(23)]
    public async Task ProposedTokensKeepToTheMostTokensAllowed(int most)
    {
        await using DecodeLoop loop = await StartAsync(draftTokens: 15);
        CompletionStream stream = await SubmitAsync(loop, Request("abcabcabcabcabcabcabcabcabc", maxOutputTokens: most), TestEnds);

        Assert.Equal("abcabcabcabcabcabcabcabcabc"[..most], await ReadAsync(stream));
        Assert.Equal((false, most), ((await stream.Result).Stopped, (await stream.Result).GeneratedTokens));
        Assert.Equal(0, _model.Context!.UsedCells);
    }

    [Fact]
    public async Task StopSequenceWithinProposedTokensEndsTheAnswer()
    {
        await using DecodeLoop loop = await StartAsync(draftTokens: 15);
        CompletionRequest request = Request("one two one two one two STOP one two") with { StopSequences = ["STOP"] };
        CompletionStream stream = await SubmitAsync(loop, request, TestEnds);

        Assert.Equal("one two one two one two ", await ReadAsync(stream));
        Assert.True((await stream.Result).Stopped);
        Assert.Equal(0, _model.Context!.UsedCells);
    }

    [Fact]
    public async Task ModelThatCannotRewindProposesNothing()
    {
        var model = new EchoModel { CanSplitSequences = false };
        await using DecodeLoop loop = await StartAsync(draftTokens: 15, echo: model);
        CompletionStream stream = await SubmitAsync(loop, Request("abcabcabcabcabcabcabc"), TestEnds);

        Assert.Equal("abcabcabcabcabcabcabc", await ReadAsync(stream));
        Assert.Equal(0, (await stream.Result).ProposedTokens);
    }

    [Fact]
    public async Task AnswerEndsAtTheMostTokensAllowed()
    {
        await using DecodeLoop loop = await StartAsync();
        CompletionStream stream = await SubmitAsync(loop, Request("abcdef", maxOutputTokens: 3), TestEnds);

        Assert.Equal("abc", await ReadAsync(stream));
        CompletionResult result = await stream.Result;
        Assert.False(result.Stopped);
        Assert.Equal(3, result.GeneratedTokens);
    }

    [Fact]
    public async Task AnswerEndsBeforeAStopSequence()
    {
        await using DecodeLoop loop = await StartAsync();
        CompletionStream stream = await SubmitAsync(loop, Request("one. two. three.") with { StopSequences = [". t"] }, TestEnds);

        Assert.Equal("one", await ReadAsync(stream));
        Assert.True((await stream.Result).Stopped);
    }

    [Fact]
    public async Task FullQueueRefusesWhereTheHostSaysSo()
    {
        using var hold = new ManualResetEventSlim();
        _model.BeforeDecode = (_, _) => hold.Wait(Patience);
        await using DecodeLoop loop = await StartAsync(sequences: 1, queueCapacity: 1, fullQueue: FullQueueBehavior.Refuse);
        CompletionStream running = await SubmitUntilRunningAsync(loop, "first");
        CompletionStream waiting = await SubmitAsync(loop, Request("second"), TestEnds);

        var error = await Assert.ThrowsAsync<RedisInferException>(() => SubmitAsync(loop, Request("third"), TestEnds));
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
    public async Task CallerThatLeavesDuringAStepKeepsItsPlaceUntilTheLoopHasDroppedItsRequest()
    {
        using var hold = new ManualResetEventSlim();
        _model.BeforeDecode = (_, _) => hold.Wait(Patience);
        await using DecodeLoop loop = await StartAsync(sequences: 1, queueCapacity: 1);
        CompletionStream running = await SubmitUntilRunningAsync(loop, "first");
        using var cancel = new CancellationTokenSource();
        QueuePlace place = await loop.EnterAsync("", 1, TestEnds);
        CompletionStream left = loop.Submit(Request("left"), place, cancel.Token);
        await cancel.CancelAsync();
        place.Dispose();

        Task<CompletionStream> innocent = SubmitAsync(loop, Request("innocent"), TestEnds);
        Assert.False(innocent.IsCompleted);
        hold.Set();

        Assert.Equal("innocent", await ReadAsync(await innocent));
        Assert.Equal("first", await ReadAsync(running));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(left));
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

        CompletionStream stream = await SubmitAsync(loop, Request(new string('x', 60)), cancel.Token);
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
        CompletionStream slow = await SubmitAsync(loop, Request(longAnswer), TestEnds);

        for (int i = 0; i < 20; i++)
        {
            Assert.Equal($"quick {i}", await AskAsync(loop, $"quick {i}"));
        }

        Assert.False(slow.Result.IsCompleted);
        Assert.Equal(longAnswer, await ReadAsync(slow));
    }

    [Fact]
    public async Task ReaderThatStopsLosesItsSlotAndTheNextRequestIsAnswered()
    {
        var time = new FakeTimeProvider();
        await using DecodeLoop loop = await StartAsync(contextSize: 2000, sequences: 1, readerTimeout: TimeSpan.FromMinutes(1), time: time);
        CompletionStream stopped = await SubmitAsync(loop, Request(new string('s', 300)), TestEnds);
        Task<string> next = AskAsync(loop, "next");
        await WaitUntilAsync(() => !stopped.HasRoom);
        Assert.False(next.IsCompleted);

        await WaitUntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMinutes(1));
            return stopped.Result.IsCompleted;
        });

        var error = await Assert.ThrowsAsync<RedisInferException>(() => ReadAsync(stopped));
        Assert.Equal(RedisInferErrorCode.ReaderTimeout, error.Code);
        Assert.Contains("00:01:00", error.Message, StringComparison.Ordinal);
        Assert.Equal("next", await next);
        Assert.Equal(0, _model.Context!.UsedCells);
        Assert.Equal(0, _model.LiveSamplers);
    }

    [Fact]
    public async Task ReaderThatReadsOnePieceInTimeKeepsItsSlot()
    {
        var time = new FakeTimeProvider();
        await using DecodeLoop loop = await StartAsync(contextSize: 2000, readerTimeout: TimeSpan.FromMinutes(1), time: time);
        string longAnswer = new('s', 300);
        CompletionStream stream = await SubmitAsync(loop, Request(longAnswer), TestEnds);
        string text = "";
        await foreach (string piece in stream.ReadAsync(TestEnds))
        {
            text += piece;
            if (text.Length < 10)
            {
                await WaitUntilAsync(() => !stream.HasRoom);
                time.Advance(TimeSpan.FromSeconds(59));
            }
        }

        Assert.Equal(longAnswer, text);
    }

    [Fact]
    public async Task FailedStepFailsTheOneItConcernsAndTheOthersGoOnInANewContext()
    {
        int failures = 0;
        _model.BeforeDecode = (batch, _) =>
        {
            if (batch.Tokens.Contains('!'))
            {
                failures++;
                throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "no");
            }
        };
        await using DecodeLoop loop = await StartAsync(contextSize: 600, sequences: 4, batchSize: 16);
        EchoContext first = _model.Context!;
        string[] others = [.. Enumerable.Range(0, 6).Select(i => new string((char)('a' + i), 60))];
        Task<string>[] asked = [.. others.Select(text => AskAsync(loop, text))];
        CompletionStream stream = await SubmitAsync(loop, Request("this will not do!"), TestEnds);

        var error = await Assert.ThrowsAsync<RedisInferException>(() => ReadAsync(stream));

        Assert.Equal(RedisInferErrorCode.DecodeFailed, error.Code);
        Assert.Equal(others, await Task.WhenAll(asked));
        Assert.Equal(2, failures);
        Assert.True(first.Disposed);
        Assert.NotSame(first, _model.Context);
        Assert.Equal(0, _model.Context!.UsedCells);
        Assert.Equal(0, _model.LiveSamplers);
    }

    [Fact]
    public async Task StepThatFailsOnceIsTakenAgain()
    {
        int steps = 0;
        _model.BeforeDecode = (_, _) =>
        {
            if (++steps == 3)
            {
                throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "this once");
            }
        };
        await using DecodeLoop loop = await StartAsync();
        EchoContext context = _model.Context!;

        Assert.Equal("nobody notices", await AskAsync(loop, "nobody notices"));
        Assert.Same(context, _model.Context);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CancelledPromptOfAModelThatCannotRewindLeavesTheOthersRight(bool alone)
    {
        var recurrent = new EchoModel { CanSplitSequences = false };
        using var cancel = new CancellationTokenSource();
        bool? aborted = null;
        var begun = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var submitted = new ManualResetEventSlim(alone);
        recurrent.BeforeDecode = (batch, step) =>
        {
            // The other request neither begins after the prompt, nor ends before it.
            begun.TrySetResult();
            submitted.Wait(TestContext.Current.CancellationToken);

            // Not the first slice of the prompt: some of its tokens are in the state already.
            int row = batch.Tokens.IndexOf('x');
            if (row >= 0 && batch.Positions[row] > 0)
            {
                cancel.Cancel();
                aborted ??= step.IsCancellationRequested;
            }
        };
        await using DecodeLoop loop = await StartAsync(contextSize: 400, batchSize: 32, echo: recurrent);
        const string Other = "a longer answer that is under way meanwhile";
        Task<string> other = alone ? Task.FromResult(Other) : AskAsync(loop, Other);
        if (!alone)
        {
            await begun.Task;
        }

        CompletionStream stream = await SubmitAsync(loop, Request(new string('x', 60)), cancel.Token);
        submitted.Set();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => ReadAsync(stream));

        Assert.True(aborted); // a step that prefills has rows of one prompt only
        Assert.Equal(Other, await other);
        Assert.Equal("after", await AskAsync(loop, "after"));
        Assert.Equal(0, recurrent.Context!.UsedCells);
    }

    [Fact]
    public async Task FailedStepOfAModelThatCannotRewindIsRepeatedFromTheStart()
    {
        int steps = 0;
        var recurrent = new EchoModel { CanSplitSequences = false };
        recurrent.BeforeDecode = (batch, _) =>
        {
            if (batch.Positions[0] > 0 && ++steps == 5)
            {
                throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "this once");
            }
        };
        await using DecodeLoop loop = await StartAsync(contextSize: 400, batchSize: 16, echo: recurrent);
        EchoContext context = recurrent.Context!;
        string[] prompts = [.. Enumerable.Range(0, 4).Select(i => new string((char)('a' + i), 30))];

        Assert.Equal(prompts, await Task.WhenAll(prompts.Select(prompt => AskAsync(loop, prompt))));
        Assert.Same(context, recurrent.Context);
    }

    [Fact]
    public async Task RequestThatFailsLateInItsPromptEndsAloneIfTheModelCannotRewind()
    {
        var recurrent = new EchoModel { CanSplitSequences = false };
        recurrent.BeforeDecode = (batch, _) =>
        {
            if (batch.Tokens.Contains('!'))
            {
                throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "no");
            }
        };
        await using DecodeLoop loop = await StartAsync(contextSize: 600, batchSize: 16, echo: recurrent);
        string[] others = [.. Enumerable.Range(0, 3).Select(i => new string((char)('a' + i), 60))];
        Task<string>[] asked = [.. others.Select(text => AskAsync(loop, text))];
        CompletionStream stream = await SubmitAsync(loop, Request(new string('x', 70) + "!"), TestEnds);

        await Assert.ThrowsAsync<RedisInferException>(() => ReadAsync(stream));

        Assert.Equal(others, await Task.WhenAll(asked));
        Assert.Equal(0, recurrent.Context!.UsedCells);
    }

    [Fact]
    public async Task UnexpectedExceptionEndsTheLoopAndEveryRequestGetsTheReason()
    {
        using var hold = new ManualResetEventSlim();
        _model.BeforeDecode = (_, _) =>
        {
            hold.Wait(Patience);
            throw new InvalidOperationException("The test broke the engine.");
        };
        await using DecodeLoop loop = await StartAsync(sequences: 1, queueCapacity: 1);
        CompletionStream running = await SubmitUntilRunningAsync(loop, "first");
        CompletionStream waiting = await SubmitAsync(loop, Request("second"), TestEnds);
        Task<CompletionStream> entering = SubmitAsync(loop, Request("third"), TestEnds);
        Assert.False(loop.HasFailed);
        hold.Set();

        foreach (Func<Task> ends in new Func<Task>[]
        {
            () => ReadAsync(running), () => ReadAsync(waiting), () => entering, () => SubmitAsync(loop, Request("late"), TestEnds),
        })
        {
            var error = await Assert.ThrowsAsync<RedisInferException>(ends);
            Assert.Equal(RedisInferErrorCode.DecodeFailed, error.Code);
            Assert.Contains("The test broke the engine.", error.Message, StringComparison.Ordinal);
        }

        Assert.True(loop.HasFailed);
        await loop.DisposeAsync();
        Assert.True(_model.Context!.Disposed);
        Assert.Equal(0, _model.LiveSamplers);
    }

    [Fact]
    public async Task ContextThatCannotBeCreatedAgainEndsTheLoopAndNotTheProcess()
    {
        using var hold = new ManualResetEventSlim();
        await using DecodeLoop loop = await StartAsync();
        _model.BeforeCreateContext = () => throw new RedisInferException(RedisInferErrorCode.OverBudget, "no memory");
        _model.BeforeDecode = (batch, _) =>
        {
            hold.Wait(Patience);
            if (batch.Tokens.Contains('!'))
            {
                throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "no");
            }
        };
        Task<string> other = AskAsync(loop, "another that is under way meanwhile");
        Task<string> poison = AskAsync(loop, "this will not do!");
        hold.Set();

        await Assert.ThrowsAsync<RedisInferException>(() => poison);
        var error = await Assert.ThrowsAsync<RedisInferException>(() => other);
        Assert.Contains("no memory", error.Message, StringComparison.Ordinal);
        Assert.True(loop.HasFailed);
        Assert.Equal(0, _model.LiveSamplers);
    }

    [Fact]
    public async Task RequestWhoseTokenCannotBeChosenFailsAlone()
    {
        int contexts = 0;
        _model.BeforeCreateContext = () => contexts++;
        _model.BeforeSample = tokens =>
        {
            if (tokens.StartsWith("bad"))
            {
                throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "no number");
            }
        };
        await using DecodeLoop loop = await StartAsync();
        Task<string> good = AskAsync(loop, "good, and long enough to be there still");

        await Assert.ThrowsAsync<RedisInferException>(() => AskAsync(loop, "bad"));

        Assert.Equal("good, and long enough to be there still", await good);
        Assert.Equal(0, _model.Context!.UsedCells);
        Assert.Equal(3, contexts);
    }

    [Fact]
    public async Task RequestWhoseTokenCannotBeChosenOnceIsComputedAgainInAnotherContext()
    {
        int samples = 0;
        int contexts = 0;
        _model.BeforeCreateContext = () => contexts++;
        _model.BeforeSample = _ =>
        {
            if (++samples == 3)
            {
                throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "no number");
            }
        };
        await using DecodeLoop loop = await StartAsync();

        Assert.Equal("good, all the same", await AskAsync(loop, "good, all the same"));

        Assert.Equal(2, contexts);
        Assert.Equal(0, _model.Context!.UsedCells);
    }

    [Fact]
    public async Task FullQueueMakesOthersWaitUpToATime()
    {
        using var hold = new ManualResetEventSlim();
        _model.BeforeDecode = (_, _) => hold.Wait(Patience);
        var time = new FakeTimeProvider();
        await using DecodeLoop loop = await StartAsync(sequences: 1, queueCapacity: 1, queueTimeout: TimeSpan.FromSeconds(10), time: time);
        CompletionStream running = await SubmitUntilRunningAsync(loop, "first");
        CompletionStream waiting = await SubmitAsync(loop, Request("second"), TestEnds);

        Task<CompletionStream> late = SubmitAsync(loop, Request("third"), TestEnds);
        time.Advance(TimeSpan.FromSeconds(9));
        Assert.False(late.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(2));
        var error = await Assert.ThrowsAsync<RedisInferException>(() => late);
        hold.Set();

        Assert.Equal(RedisInferErrorCode.QueueFull, error.Code);
        Assert.Contains("00:00:10", error.Message, StringComparison.Ordinal);
        Assert.Equal("first", await ReadAsync(running));
        Assert.Equal("second", await ReadAsync(waiting));
        Assert.Equal(1, loop.Metrics.Read().Refused);
    }

    [Fact]
    public async Task CallersTakeTurnsSoThatAFloodKeepsNobodyWaiting()
    {
        using var hold = new ManualResetEventSlim();
        List<string> served = [];
        _model.BeforeDecode = (_, _) => hold.Wait(Patience);
        _model.BeforeSample = text =>
        {
            if (text.EndsWith(EchoModel.EndOfPrompt))
            {
                served.Add(text.TrimEnd(EchoModel.EndOfPrompt));
            }
        };
        await using DecodeLoop loop = await StartAsync(sequences: 1, queueCapacity: 64);
        CompletionStream running = await SubmitUntilRunningAsync(loop, "first");
        List<Task> tasks = [ReadAsync(running)];
        foreach ((string caller, int count) in new[] { ("flood", 20), ("other", 2), ("third", 1) })
        {
            for (int i = 0; i < count; i++)
            {
                tasks.Add(ReadAsync(await SubmitAsync(loop, Request(caller) with { Caller = caller }, TestEnds)));
            }
        }

        hold.Set();
        await Task.WhenAll(tasks);

        Assert.Equal(["first", "flood", "other", "third", "flood", "other", "flood"], served.Take(7));
        Assert.Equal(24, served.Count);
    }

    [Fact]
    public async Task LongPromptIsReadInSlicesBetweenTheTokensOfOthers()
    {
        using var arrived = new ManualResetEventSlim();
        List<(int Prompt, int Others)> steps = [];
        _model.BeforeDecode = (batch, _) =>
        {
            steps.Add((batch.Tokens.Count('x'), batch.Tokens.Count('a')));
            if (steps.Count == 5)
            {
                arrived.Wait(Patience);
            }
        };
        await using DecodeLoop loop = await StartAsync(contextSize: 2000, sequences: 2, batchSize: 64, prefillSlice: 8, time: new FakeTimeProvider());
        Task<string> running = AskAsync(loop, new string('a', 40));
        await WaitUntilAsync(() => loop.Metrics.Read().KvCellsUsed > 0);

        CompletionStream late = await SubmitAsync(loop, Request(new string('x', 100), maxOutputTokens: 1), TestEnds);
        arrived.Set();
        await ReadAsync(late);

        Assert.Equal(new string('a', 40), await running);
        int first = steps.FindIndex(step => step.Prompt > 0);
        int last = steps.FindLastIndex(step => step.Prompt > 0);
        List<(int Prompt, int Others)> meanwhile = steps[first..last];
        Assert.All(meanwhile, step => Assert.True(step is { Prompt: 8, Others: 0 } or { Prompt: 0, Others: 1 }, step.ToString()));
        Assert.Equal(12, meanwhile.Count(step => step.Prompt > 0));

        // After each slice, the answer gets a token.
        Assert.All(meanwhile.Zip(meanwhile.Skip(1)), pair => Assert.False(pair.First.Prompt > 0 && pair.Second.Prompt > 0));
    }

    [Fact]
    public async Task RowsThatFillNoSliceAreReadWithTheFirst()
    {
        using var arrived = new ManualResetEventSlim();
        List<int> slices = [];
        _model.BeforeDecode = (batch, _) =>
        {
            arrived.Wait(Patience);
            if (batch.Tokens.Contains('x'))
            {
                slices.Add(batch.Count);
            }
        };
        await using DecodeLoop loop = await StartAsync(contextSize: 2000, sequences: 2, batchSize: 512, prefillSlice: 64, time: new FakeTimeProvider());
        Task<string> running = AskAsync(loop, new string('a', 40));
        CompletionStream late = await SubmitAsync(loop, Request(new string('x', (3 * 64) + 20), maxOutputTokens: 1), TestEnds);
        arrived.Set();

        await ReadAsync(late);
        await running;

        Assert.Equal([64 + 21, 64, 64], slices);
    }

    [Fact]
    public async Task DisposalLetsRequestsEndWithinItsTime()
    {
        DecodeLoop loop = await StartAsync(sequences: 1, shutdownTimeout: Patience);
        Task<string>[] asked = [AskAsync(loop, "the one that runs"), AskAsync(loop, "the one that waits")];
        await Task.Yield();

        await loop.DisposeAsync();

        Assert.Equal(["the one that runs", "the one that waits"], await Task.WhenAll(asked));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => AskAsync(loop, "late"));
    }

    [Fact]
    public async Task StatusAndMetersSayWhatHappened()
    {
        using var listener = new MeterListener();
        var counted = new ConcurrentDictionary<string, double>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Meter.Name == RagTelemetry.Name
                && instrument.Meter.Tags!.Any(tag => tag is { Key: "gen_ai.request.model", Value: "echo-of-this-test" }))
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        void Count(Instrument instrument, double value) => counted.AddOrUpdate(instrument.Name, value, (_, sum) => sum + value);
        listener.SetMeasurementEventCallback<int>((instrument, value, _, _) => Count(instrument, value));
        listener.SetMeasurementEventCallback<long>((instrument, value, _, _) => Count(instrument, value));
        listener.SetMeasurementEventCallback<double>((instrument, value, _, _) => Count(instrument, value));
        listener.Start();
        await using DecodeLoop loop = await StartAsync(model: "echo-of-this-test");

        await AskAsync(loop, "abc");
        await AskAsync(loop, "defgh");
        listener.RecordObservableInstruments();

        RagStatus status = loop.Metrics.Read();
        Assert.Equal(2, status.Answered);
        Assert.Equal(0, status.Running);
        Assert.Equal(0, status.Waiting);
        Assert.Equal(200, status.KvCells);
        Assert.Equal(0, status.KvCellsReserved);
        Assert.Equal(4 + 6, counted["redisinfer.tokens.generated"]);
        Assert.Equal(4 + 6 + 4 + 6, counted["gen_ai.client.token.usage"]);
        Assert.Equal(200, counted["redisinfer.kv_cache.cells.limit"]);
        Assert.True(counted.ContainsKey("gen_ai.server.time_to_first_token"));
        Assert.True(counted.ContainsKey("redisinfer.queue.duration"));
    }

    [Fact]
    public async Task DisposalEndsWhatRunsAndWhatWaitsAndFreesTheContext()
    {
        using var hold = new ManualResetEventSlim();
        _model.BeforeDecode = (_, step) => WaitHandle.WaitAny([hold.WaitHandle, step.WaitHandle], Patience);
        DecodeLoop loop = await StartAsync(sequences: 1);
        CompletionStream running = await SubmitUntilRunningAsync(loop, "first");
        CompletionStream waiting = await SubmitAsync(loop, Request("second"), TestEnds);

        await loop.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(running));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => ReadAsync(waiting));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => SubmitAsync(loop, Request("third"), TestEnds));
        Assert.True(_model.Context!.Disposed);
        Assert.Equal(0, _model.LiveSamplers);
        await loop.DisposeAsync();
    }

    private static CompletionRequest Request(string text, int maxOutputTokens = 400) => new(
        [.. (text + EchoModel.EndOfPrompt).Select(c => (int)c)],
        Math.Min(maxOutputTokens, text.Length + 1),
        new SamplingOptions(),
        []);

    private static async Task<string> AskAsync(DecodeLoop loop, string text) =>
        await ReadAsync(await SubmitAsync(loop, Request(text), TestEnds));

    private static async Task<string> ReadAsync(CompletionStream stream)
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

    // Text with runs that occur before, and that are continued otherwise.
    private static string RepeatingText(Random random)
    {
        var text = new System.Text.StringBuilder("x");
        while (text.Length < 80)
        {
            int start = random.Next(text.Length);
            text.Append(text.ToString(start, Math.Min(text.Length - start, random.Next(1, 12)))).Append((char)('a' + random.Next(4)));
        }

        return text.ToString();
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (!condition())
        {
            await Task.Delay(1, timeout.Token);
        }
    }

    private static async Task<CompletionStream> SubmitAsync(DecodeLoop loop, CompletionRequest request, CancellationToken cancellationToken)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(Patience);
        QueuePlace place = await loop.EnterAsync(request.Caller, request.Priority, timeout.Token);
        try
        {
            return loop.Submit(request, place, cancellationToken);
        }
        catch
        {
            place.Dispose();
            throw;
        }
    }

    private Task<DecodeLoop> StartAsync(
        int contextSize = 200,
        int sequences = 4,
        int batchSize = 64,
        int queueCapacity = 64,
        FullQueueBehavior fullQueue = FullQueueBehavior.Wait,
        TimeSpan? queueTimeout = null,
        TimeSpan? readerTimeout = null,
        int prefillSlice = 16,
        int draftTokens = 0,
        TimeSpan shutdownTimeout = default,
        TimeProvider? time = null,
        string model = "echo",
        EchoModel? echo = null) => DecodeLoop.StartAsync(
        echo ?? _model,
        new DecodeLoopOptions
        {
            Context = new ContextOptions { ContextSize = contextSize, MaxSequences = sequences, BatchSize = batchSize },
            QueueCapacity = queueCapacity,
            FullQueue = fullQueue,
            QueueTimeout = queueTimeout,
            ReaderTimeout = readerTimeout,
            PrefillSliceSize = prefillSlice,
            DraftTokens = draftTokens,
            ShutdownTimeout = shutdownTimeout,
        },
        new SchedulerMetrics(null, _model.Info with { Name = model }, time ?? TimeProvider.System),
        NullLogger.Instance,
        time ?? TimeProvider.System);

    /// <summary>Submits a request and waits until the loop is in its first decode.</summary>
    private async Task<CompletionStream> SubmitUntilRunningAsync(DecodeLoop loop, string text)
    {
        var entered = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Action<TokenBatch, CancellationToken>? then = _model.BeforeDecode;
        _model.BeforeDecode = (batch, step) =>
        {
            entered.TrySetResult();
            then?.Invoke(batch, step);
        };
        CompletionStream stream = await SubmitAsync(loop, Request(text), TestEnds);
        await entered.Task.WaitAsync(Patience, TestEnds);
        return stream;
    }
}
