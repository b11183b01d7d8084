using RedisInfer.Inference;
using static RedisInfer.Tests.Integration.Inference.InferenceSteps;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>What decoding must do and what it must refuse, with every engine.</summary>
public abstract class DecodeContractTests(EngineUnderTest engine)
{
    private const string Prompt = "Backups are kept for 31 days, and restored by the team on call.";

    private IInferenceModel Model => engine.Text;

    [Fact]
    public void SamePromptGivesTheSameLogits()
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext first = Model.Context();
        using IInferenceContext second = Model.Context();

        Assert.Equal(first.LogitsAfter(0, tokens), second.LogitsAfter(3, tokens));
    }

    [Fact]
    public void PromptInPiecesGivesTheLogitsOfTheWhole()
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext context = Model.Context();
        float[] whole = context.LogitsAfter(0, tokens);

        context.Append(1, tokens.AsSpan(0, 5));

        AssertClose(whole, context.LogitsAfter(1, tokens.AsSpan(5)));
        Assert.Equal(tokens.Length, context.GetSequenceLength(1));
    }

    [Fact]
    public void SeveralSequencesInOneBatchGiveTheLogitsOfEachAlone()
    {
        int[][] prompts = [Model.Tokens(Prompt), Model.Tokens("Who may restore a backup?"), Model.Tokens("The cat sat. The cat sat.")];
        using IInferenceContext alone = Model.Context();
        float[][] expected = [.. prompts.Select((prompt, i) => alone.LogitsAfter(i, prompt))];

        using IInferenceContext together = Model.Context();
        var batch = new TokenBatch(together.BatchSize);
        int[] rows = new int[prompts.Length];
        for (int position = 0; position < prompts.Max(p => p.Length); position++)
        {
            for (int i = 0; i < prompts.Length; i++)
            {
                if (position < prompts[i].Length)
                {
                    rows[i] = batch.Add(prompts[i][position], position, i, position + 1 == prompts[i].Length);
                }
            }
        }

        Assert.Equal(DecodeResult.Done, together.Decode(batch, CancellationToken.None));
        for (int i = 0; i < prompts.Length; i++)
        {
            AssertClose(expected[i], together.GetLogits(rows[i]));
        }
    }

    [Fact]
    public void CopiedPrefixGivesTheLogitsOfTheWhole()
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext context = Model.Context();
        float[] whole = context.LogitsAfter(0, tokens);

        context.CopySequence(0, 1, 0, 6);

        Assert.Equal(6, context.GetSequenceLength(1));
        AssertClose(whole, context.LogitsAfter(1, tokens.AsSpan(6)));
        Assert.Equal(tokens.Length, context.GetSequenceLength(0));
    }

    [Fact]
    public void RemovedTailGivesTheLogitsAsIfItHadNotBeen()
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext context = Model.Context();
        float[] expected = context.LogitsAfter(0, tokens);
        context.Append(1, tokens.AsSpan(0, 6));
        context.Append(1, Model.Tokens("something else"));

        context.RemoveSequence(1, 6);

        Assert.Equal(6, context.GetSequenceLength(1));
        AssertClose(expected, context.LogitsAfter(1, tokens.AsSpan(6)));
    }

    [Fact]
    public void ShiftedSequenceGivesTheLogitsOfItsPlaceWithNothingBefore()
    {
        // Rotary positions are relative: at later positions, the same tokens attend to each other as before.
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext context = Model.Context();
        float[] expected = context.LogitsAfter(0, tokens);
        context.Append(1, tokens.AsSpan(0, 6));

        context.ShiftSequence(1, 0, -1, 40);

        Assert.Equal(46, context.GetSequenceLength(1));
        AssertClose(expected, context.LogitsAfter(1, tokens.AsSpan(6)), tolerance: 0.02f);
    }

    [Fact]
    public void GapCanBeClosedByAShift()
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext context = Model.Context();
        context.Append(0, tokens);

        context.RemoveSequence(0, 2, 5);
        context.ShiftSequence(0, 5, -1, -3);

        Assert.Equal(tokens.Length - 3, context.GetSequenceLength(0));
        context.Append(0, tokens[0]);
    }

    [Fact]
    public void FullCacheIsToldAndChangesNothing()
    {
        int[] tokens = [.. Enumerable.Repeat(Model.Tokens("word")[0], 512)];
        using IInferenceContext context = Model.Context(size: 256, batch: 256);
        context.Append(0, tokens.AsSpan(0, 200));
        var batch = new TokenBatch(100);
        for (int i = 0; i < 100; i++)
        {
            batch.Add(tokens[i], i, 1, output: i == 99);
        }

        Assert.Equal(DecodeResult.KvCacheFull, context.Decode(batch, CancellationToken.None));

        Assert.Equal(0, context.GetSequenceLength(1));
        Assert.Throws<ArgumentException>(() => context.GetLogits(99).Length);
        context.RemoveSequence(0);
        Assert.Equal(DecodeResult.Done, context.Decode(batch, CancellationToken.None));
    }

    [Fact]
    public void AbortedPrefillLeavesTheContextUsable()
    {
        int[] tokens = [.. Enumerable.Range(0, 4000).Select(i => 300 + (i % 50))];
        using IInferenceContext context = Model.Context(size: 8192, batch: 4096);
        using var source = new CancellationTokenSource();
        var batch = new TokenBatch(4096);
        for (int i = 0; i < tokens.Length; i++)
        {
            batch.Add(tokens[i], i, 0, output: i + 1 == tokens.Length);
        }

        // Cancels early in the computation, from its own thread. A timer's callback would wait for the thread pool, and other tests
        // may keep the pool busy for longer than the whole computation.
        var canceller = new Thread(() =>
        {
            Thread.Sleep(5);
            source.Cancel();
        });
        canceller.Start();
        DecodeResult result = context.Decode(batch, source.Token);
        canceller.Join();
        Assert.Equal(DecodeResult.Aborted, result);

        Assert.InRange(context.GetSequenceLength(0), 0, tokens.Length - 1);
        Assert.Throws<ArgumentException>(() => context.GetLogits(tokens.Length - 1).Length);
        context.RemoveSequence(0);
        float[] after = context.LogitsAfter(0, Model.Tokens(Prompt));
        using IInferenceContext fresh = Model.Context();
        AssertClose(fresh.LogitsAfter(0, Model.Tokens(Prompt)), after);
    }

    [Fact]
    public void DecodeCancelledBeforehandComputesNothing()
    {
        using IInferenceContext context = Model.Context();
        TokenBatch batch = OneRow(token: 1);

        Assert.Equal(DecodeResult.Aborted, context.Decode(batch, new CancellationToken(canceled: true)));

        Assert.Equal(0, context.GetSequenceLength(0));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void TokenOutsideTheVocabularyIsRefused(int token) => Refuses("vocabulary", OneRow(token));

    [Fact]
    public void FirstTokenPastTheVocabularyIsRefused() => Refuses("vocabulary", OneRow(Model.Info.VocabularySize));

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(256)]
    [InlineData(int.MaxValue)]
    public void SequenceOutsideTheContextIsRefused(int sequence) => Refuses("sequence", OneRow(1, sequence: sequence));

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(int.MaxValue)]
    public void PositionThatDoesNotFollowIsRefused(int position) => Refuses("does not follow", OneRow(1, position));

    [Fact]
    public void PositionGivenTwiceIsRefused()
    {
        TokenBatch batch = OneRow(1);
        batch.Add(1, 0, 0, output: false);

        Refuses("does not follow", batch);
    }

    [Fact]
    public void EmptyBatchIsRefused() => Refuses("0 tokens", new TokenBatch(1));

    [Fact]
    public void BatchLargerThanTheContextTakesIsRefused()
    {
        var batch = new TokenBatch(200);
        for (int i = 0; i < 129; i++)
        {
            batch.Add(1, i, 0, output: false);
        }

        Refuses("129 tokens", batch);
    }

    [Fact]
    public void MoreOutputsThanTheContextHasRoomForAreRefused()
    {
        var batch = new TokenBatch(128);
        for (int i = 0; i < 128; i++)
        {
            batch.Add(1, i, 0, output: true);
        }

        Refuses("128 rows", batch);
    }

    [Fact]
    public void LogitsOfARowThatAskedForNoneAreRefused()
    {
        using IInferenceContext context = Model.Context();
        using ISampler sampler = Model.CreateSampler(new SamplingOptions());
        Assert.Throws<ArgumentException>(() => context.GetLogits(0).Length);

        context.Append(0, Model.Tokens(Prompt));

        foreach (int row in (int[])[-1, 0, 5, 10_000, int.MaxValue, int.MinValue])
        {
            Assert.Throws<ArgumentException>(() => context.GetLogits(row).Length);
            Assert.Throws<ArgumentException>(() => context.Sample(sampler, row));
        }
    }

    [Fact]
    public void LogitsAreGoneAfterARefusedStateOrAFailedDecodeButNotAfterARefusedBatch()
    {
        using IInferenceContext context = Model.Context();
        int row = context.Append(0, Model.Tokens(Prompt));
        float[] logits = context.GetLogits(row).ToArray();

        Assert.Throws<ArgumentException>(() => context.Decode(OneRow(-1), CancellationToken.None));

        Assert.Equal(logits, context.GetLogits(row).ToArray());
    }

    [Fact]
    public void WrongRangesAndSequencesAreRefused()
    {
        using IInferenceContext context = Model.Context();
        context.Append(0, Model.Tokens(Prompt));

        foreach (int sequence in (int[])[-1, 4, int.MaxValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => context.GetSequenceLength(sequence));
            Assert.Throws<ArgumentOutOfRangeException>(() => context.RemoveSequence(sequence));
            Assert.Throws<ArgumentOutOfRangeException>(() => context.CopySequence(sequence, 1));
            Assert.Throws<ArgumentOutOfRangeException>(() => context.CopySequence(0, sequence));
            Assert.Throws<ArgumentOutOfRangeException>(() => context.ShiftSequence(sequence, 0, -1, 1));
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => context.RemoveSequence(0, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.RemoveSequence(0, 5, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.RemoveSequence(0, 0, -2));
        Assert.Throws<ArgumentException>(() => context.CopySequence(0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.ShiftSequence(0, 0, -1, -1));
        Assert.Throws<ArgumentOutOfRangeException>(() => context.ShiftSequence(0, 0, -1, int.MaxValue));
    }

    [Fact]
    public void OperationsThatWouldCorruptSilentlyAreRefused()
    {
        using IInferenceContext context = Model.Context();
        context.Append(0, Model.Tokens(Prompt));
        context.CopySequence(0, 1);

        // Refused: a copy onto positions in use, a shift onto positions in use, and a shift of cells that another sequence shares.
        Assert.Throws<ArgumentException>(() => context.CopySequence(0, 1, 2, 4));
        Assert.Throws<ArgumentException>(() => context.ShiftSequence(0, 0, 2, 3));
        Assert.Throws<ArgumentException>(() => context.ShiftSequence(0, 0, -1, 3));

        context.RemoveSequence(1);
        context.ShiftSequence(0, 0, -1, 3);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(-5, 1, 1)]
    [InlineData(int.MaxValue, 1, 1)]
    [InlineData(256, 0, 1)]
    [InlineData(256, 256, 1)]
    [InlineData(256, 100_000, 1)]
    [InlineData(256, 1, 0)]
    [InlineData(256, 1, -1)]
    public void ContextWithLimitsOutOfRangeIsRefused(int size, int sequences, int batch)
    {
        Assert.ThrowsAny<ArgumentException>(() => Model.Context(size, sequences, batch));
    }

    [Theory]
    [InlineData(1, 1, 1)]
    [InlineData(1, 255, 1)]
    [InlineData(300, 7, 9)]
    [InlineData(100, 1, 100_000)]
    public void ContextWithOddLimitsWorks(int size, int sequences, int batch)
    {
        using IInferenceContext context = Model.Context(size, sequences, batch);

        context.Append(sequences - 1, Model.Tokens(Prompt));

        Assert.True(context.ContextSize >= size);
        Assert.InRange(context.BatchSize, 1, batch);
        Assert.Equal(sequences, context.MaxSequences);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void ThreadsChangeNoLogits(bool pin)
    {
        int[] tokens = Model.Tokens("The quick brown fox jumps over the lazy dog");
        float[] alone = Decode(new ContextOptions { ContextSize = 256, Threads = 1 });

        float[] together = Decode(new ContextOptions { ContextSize = 256, Threads = Environment.ProcessorCount, PinThreads = pin });

        Assert.Equal(alone, together);

        // Uses its own thread, because the context may pin it.
        float[] Decode(ContextOptions options)
        {
            float[] logits = [];
            var thread = new Thread(() =>
            {
                using IInferenceContext context = Model.CreateContext(options);
                for (int i = 0; i < tokens.Length; i += 3)
                {
                    int row = context.Append(0, tokens[i..Math.Min(i + 3, tokens.Length)]);
                    logits = context.GetLogits(row).ToArray();
                }
            });
            thread.Start();
            thread.Join();
            return logits;
        }
    }

    [Fact]
    public void MoreThreadsThanCpusAreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Model.CreateContext(
            new ContextOptions { ContextSize = 256, Threads = Environment.ProcessorCount + 1 }));
    }

    [Fact]
    public async Task ContextIsForOneThreadAtATime()
    {
        using IInferenceContext context = Model.Context(size: 4096, batch: 4096);
        var batch = new TokenBatch(4000);
        for (int i = 0; i < 4000; i++)
        {
            batch.Add(300 + (i % 50), i, 0, output: false);
        }

        using var source = new CancellationTokenSource();
        Task<DecodeResult> decoding = Task.Run(() =>
        {
            // This thread may also be the second one to enter the context.
            while (true)
            {
                try
                {
                    return context.Decode(batch, source.Token);
                }
                catch (InvalidOperationException)
                {
                    Thread.Yield();
                }
            }
        });
        Exception? thrown = null;
        while (thrown is null && !decoding.IsCompleted)
        {
            thrown = Record.Exception(() => context.GetSequenceLength(0));
        }

        await source.CancelAsync();
        await decoding;
        Assert.IsType<InvalidOperationException>(thrown);
        Assert.InRange(context.GetSequenceLength(0), 0, 4000);
    }

    [Fact]
    public async Task ContextAndSamplerOutliveTheirModelAndDisposeTwice()
    {
        IInferenceModel model = await engine.Engine.LoadModelAsync(
            new ModelOptions { Path = engine.TextPath }, null, TestContext.Current.CancellationToken);
        int[] tokens = model.Tokens(Prompt);
        IInferenceContext context = model.Context();
        ISampler sampler = model.CreateSampler(new SamplingOptions());
        model.Dispose();
        model.Dispose();

        int row = context.Append(0, tokens);
        Assert.InRange(context.Sample(sampler, row), 0, model.Info.VocabularySize - 1);
        context.Dispose();
        sampler.Dispose();
        context.Dispose();
        sampler.Dispose();

        Assert.Throws<ObjectDisposedException>(() => context.Append(0, tokens));
        Assert.Throws<ObjectDisposedException>(() => context.GetLogits(row).Length);
        Assert.Throws<ObjectDisposedException>(() => model.Context());
        Assert.Throws<ObjectDisposedException>(() => model.CreateSampler(new SamplingOptions()));
        Assert.Throws<ObjectDisposedException>(() => model.Tokenizer.Tokenize("text", parseSpecial: false));
    }

    [Fact]
    public void EstimateIsTheSizeOfTheCache()
    {
        // The saved state of a full context is the KV cache plus a few bytes per cell and layer.
        var options = new ContextOptions { ContextSize = 256 };
        using IInferenceContext context = Model.Context(size: 256, batch: 256);
        context.Append(0, [.. Enumerable.Repeat(300, 256)]);

        long estimate = Estimate(options);
        Assert.InRange(context.GetStateSize(0), estimate, estimate + (estimate / 10));
        Assert.InRange(Estimate(options with { KvType = KvType.Q8_0 }), estimate / 2, estimate * 6 / 10);

        long Estimate(ContextOptions context) => engine.Engine.EstimateMemory(new ModelOptions { Path = Model.Info.Path }, context).KvBytes;
    }

    private void Refuses(string reason, TokenBatch batch)
    {
        using IInferenceContext context = Model.Context();

        var thrown = Assert.Throws<ArgumentException>(() => context.Decode(batch, CancellationToken.None));

        Assert.Contains(reason, thrown.Message, StringComparison.Ordinal);
        Assert.Equal(0, context.GetSequenceLength(0));
        context.Append(0, Model.Tokens(Prompt));
    }

    private static TokenBatch OneRow(int token, int position = 0, int sequence = 0)
    {
        var batch = new TokenBatch(2);
        batch.Add(token, position, sequence, output: true);
        return batch;
    }
}
