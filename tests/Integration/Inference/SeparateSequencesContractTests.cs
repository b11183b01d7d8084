using RedisInfer.Errors;
using RedisInfer.Inference;
using static RedisInfer.Tests.Integration.Inference.InferenceSteps;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>What contexts must do whose sequences have cells of their own, and how states pass between them and others.</summary>
public abstract class SeparateSequencesContractTests(EngineUnderTest engine)
{
    private const string Prompt = "Backups are kept for 31 days, and restored by the team on call.";

    private IInferenceModel Model => engine.Text;

    [Theory]
    [InlineData(KvType.F16, true)]
    [InlineData(KvType.F16, false)]
    [InlineData(KvType.Q8_0, true)]
    public void StateCutIntoRunsAndJoinedInAnyContextContinuesBitForBit(KvType kvType, bool flashAttention)
    {
        int[] tokens = Model.Tokens(Prompt);
        var options = new ContextOptions { ContextSize = 1024, MaxSequences = 4, Threads = 1, KvType = kvType, FlashAttention = flashAttention };
        using IInferenceContext shared = Model.CreateContext(options);
        using IInferenceContext four = Model.CreateContext(options with { SeparateSequences = true });
        using IInferenceContext three = Model.CreateContext(options with { SeparateSequences = true, MaxSequences = 3 });
        using IInferenceContext one = Model.CreateContext(options with { SeparateSequences = true, MaxSequences = 1 });
        four.Append(1, Model.Tokens("A neighbor that takes cells"));
        four.Append(2, tokens.AsSpan(0, 12));
        ReadOnlyMemory<byte>[] parts = Save(four, 2, 0, 3, 8, 12);
        float[] expected = four.LogitsAfter(2, tokens.AsSpan(12));

        foreach ((IInferenceContext context, int sequence) in new[] { (shared, 3), (four, 0), (three, 2), (one, 0) })
        {
            context.LoadStates(sequence, parts);

            Assert.Equal(12, context.GetSequenceLength(sequence));
            Assert.Equal(parts.Select(part => part.ToArray()), Save(context, sequence, 0, 3, 8, 12).Select(part => part.ToArray()));
            byte[] whole = context.Save(sequence);
            Assert.Equal(expected, context.LogitsAfter(sequence, tokens.AsSpan(12)));
            context.LoadState(sequence, whole);
            Assert.Equal(expected, context.LogitsAfter(sequence, tokens.AsSpan(12)));
        }
    }

    [Fact]
    public void BatchOfUnequalNumbersOfRowsOfDistantSequencesGivesWhatEachGivesAlone()
    {
        using IInferenceContext context = Create(5);
        int[][] prompts = [Model.Tokens(Prompt), Model.Tokens("The ferry leaves at nine."), Model.Tokens("No.")];
        float[][] alone = [.. prompts.Select(prompt => context.LogitsAfter(3, prompt.AsSpan()) is var logits && Clear(context) ? logits : [])];
        var batch = new TokenBatch(128);
        int[] sequences = [4, 0, 2];
        int[] rows = new int[3];
        for (int i = 0; i < prompts.Length; i++)
        {
            for (int position = 0; position < prompts[i].Length; position++)
            {
                rows[i] = batch.Add(prompts[i][position], position, sequences[i], position == prompts[i].Length - 1);
            }
        }

        Assert.Equal(DecodeResult.Done, context.Decode(batch, CancellationToken.None));

        for (int i = 0; i < rows.Length; i++)
        {
            AssertClose(alone[i], context.GetLogits(rows[i]));
        }

        static bool Clear(IInferenceContext context)
        {
            context.RemoveSequence(3);
            return true;
        }
    }

    [Fact]
    public void SequenceIsNotCopiedAndGetsNoMoreThanItsShare()
    {
        using IInferenceContext context = Create(2);
        context.Append(0, Model.Tokens(Prompt));

        Assert.Equal(512, context.MaxSequenceLength);
        Assert.Equal(512, Model.GetMaxSequenceLength(new ContextOptions { ContextSize = 1024, MaxSequences = 2, SeparateSequences = true }));
        Assert.Throws<ArgumentException>(() => context.CopySequence(0, 1));
        Assert.Throws<ArgumentException>(() => context.CopySequence(0, 1, 1, 3));
        int[] fill = [.. Enumerable.Repeat(5, 512 - context.GetSequenceLength(0))];
        context.Append(0, fill);
        var batch = new TokenBatch(1);
        batch.Add(5, 512, 0, output: true);
        Assert.Equal(DecodeResult.KvCacheFull, context.Decode(batch, CancellationToken.None));
        Assert.Equal(8, context.Append(1, Model.Tokens(Prompt).AsSpan(0, 8)) + 1);
    }

    [Fact]
    public void ShiftedRunIsSavedAtItsNewPositions()
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext separate = Create(2);
        using IInferenceContext shared = Model.CreateContext(new ContextOptions { ContextSize = 1024, MaxSequences = 2, Threads = 1 });
        byte[][] states = [.. new[] { separate, shared }.Select(context =>
        {
            context.Append(1, tokens.AsSpan(0, 10));
            context.RemoveSequence(1, 0, 4);
            context.ShiftSequence(1, 4, 10, 7);
            byte[] state = Save(context, 1, 11, 17)[0].ToArray();
            context.Append(0, tokens.AsSpan(0, 11));
            byte[] head = context.Save(0);
            context.LoadStates(1, [head, state]);
            Assert.Equal(17, context.GetSequenceLength(1));
            return state;
        })];

        Assert.Equal(states[0], states[1]);
        AssertClose(shared.LogitsAfter(1, tokens.AsSpan(10)), separate.LogitsAfter(1, tokens.AsSpan(10)));
    }

    [Fact]
    public void PartsThatDoNotFitTogetherAreRefusedAndLeaveTheSequenceEmpty()
    {
        using IInferenceContext context = Create(2);
        using IInferenceContext other = Model.CreateContext(
            new ContextOptions { ContextSize = 512, MaxSequences = 1, Threads = 1, KvType = KvType.Q8_0 });
        context.Append(0, Model.Tokens(Prompt).AsSpan(0, 8));
        other.Append(0, Model.Tokens(Prompt).AsSpan(0, 8));
        ReadOnlyMemory<byte>[] parts = Save(context, 0, 0, 4, 8);
        ReadOnlyMemory<byte> strange = Save(other, 0, 4, 8)[0];

        foreach (ReadOnlyMemory<byte>[] wrong in (ReadOnlyMemory<byte>[][])[[parts[0], parts[0]], [parts[0], strange], [parts[0], parts[1][..^1]]])
        {
            context.Append(1, 5, 6, 7);
            var error = Assert.Throws<RedisInferException>(() => context.LoadStates(1, wrong));
            Assert.Equal(RedisInferErrorCode.StateCorrupt, error.Code);
            Assert.Equal(0, context.GetSequenceLength(1));
        }

        Assert.Throws<ArgumentException>(() => context.SaveStates(0, [new KvStateRun(4, 9, new byte[1 << 20])]));
        Assert.Throws<ArgumentException>(() => context.SaveStates(0, [new KvStateRun(int.MaxValue, int.MinValue, new byte[1 << 20])]));
        Assert.Throws<ArgumentException>(() => context.SaveStates(0, [new KvStateRun(4, 8, new byte[16])]));
        byte[] small = new byte[context.GetStateSize(0) - 1];
        Assert.Contains("has room for", Assert.Throws<ArgumentException>(() => context.SaveState(0, small)).Message, StringComparison.Ordinal);
        Assert.Contains("has room for 0", Assert.Throws<ArgumentException>(() => context.SaveState(0, [])).Message, StringComparison.Ordinal);
        context.LoadStates(1, parts);
        Assert.Equal(8, context.GetSequenceLength(1));
    }

    private IInferenceContext Create(int sequences) =>
        Model.CreateContext(new ContextOptions { ContextSize = 512 * sequences, MaxSequences = sequences, Threads = 1, SeparateSequences = true });

    private ReadOnlyMemory<byte>[] Save(IInferenceContext context, int sequence, params int[] bounds)
    {
        KvStateRun[] runs = [.. bounds.Zip(bounds.Skip(1), (start, end) =>
            new KvStateRun(start, end, new byte[Model.GetMaxStateBytes(new ContextOptions { ContextSize = 512 }, end - start)]))];
        return [.. context.SaveStates(sequence, runs).Zip(runs, (length, run) => (ReadOnlyMemory<byte>)run.Memory[..length])];
    }
}
