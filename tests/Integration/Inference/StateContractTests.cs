using System.Buffers.Binary;
using RedisInfer.Errors;
using RedisInfer.Inference;
using static RedisInfer.Tests.Integration.Inference.InferenceSteps;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>What saving and loading the state of a sequence must do, with every engine.</summary>
public abstract class StateContractTests(EngineUnderTest engine)
{
    private const string Prompt = "Backups are kept for 31 days, and restored by the team on call.";

    private IInferenceModel Model => engine.Text;

    [Theory]
    [InlineData(KvType.F16, true)]
    [InlineData(KvType.F16, false)]
    [InlineData(KvType.Q8_0, true)]
    public void RestoredStateContinuesBitForBit(KvType kvType, bool flashAttention)
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext context = Model.Context(kvType: kvType, flashAttention: flashAttention);
        context.Append(0, tokens.AsSpan(0, 8));
        byte[] state = context.Save(0);
        float[] expected = context.LogitsAfter(0, tokens.AsSpan(8));

        using IInferenceContext other = Model.Context(size: 1024, sequences: 2, kvType: kvType, flashAttention: flashAttention);
        other.Append(0, Model.Tokens("A neighbour that takes cells"));
        other.LoadState(1, state);

        Assert.Equal(8, other.GetSequenceLength(1));
        Assert.Equal(expected, other.LogitsAfter(1, tokens.AsSpan(8)));
        Assert.Equal(state, SaveFirst(other, 8));
    }

    [Fact]
    public void LoadReplacesWhatTheSequenceHeld()
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext context = Model.Context();
        context.Append(0, tokens.AsSpan(0, 8));
        byte[] state = context.Save(0);
        context.Append(1, tokens);

        context.LoadState(1, state);

        Assert.Equal(8, context.GetSequenceLength(1));
    }

    [Fact]
    public void StateOfAnEmptySequenceEmptiesAnother()
    {
        using IInferenceContext context = Model.Context();
        context.Append(1, Model.Tokens(Prompt));

        context.LoadState(1, context.Save(0));

        Assert.Equal(0, context.GetSequenceLength(1));
    }

    [Fact]
    public void RangeIsSavedThroughAScratchSequence()
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext context = Model.Context();
        context.Append(0, tokens);
        context.CopySequence(0, 1, 0, 5);
        byte[] state = context.Save(1);
        context.RemoveSequence(1);

        context.LoadState(2, state);

        Assert.Equal(5, context.GetSequenceLength(2));
        AssertClose(context.LogitsAfter(3, tokens), context.LogitsAfter(2, tokens.AsSpan(5)));
    }

    [Fact]
    public void StateSavedWhileAShiftIsPendingHoldsTheShiftedKeys()
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext context = Model.Context();
        context.Append(0, tokens.AsSpan(0, 6));
        context.ShiftSequence(0, 0, -1, 40);
        byte[] state = context.Save(0);
        float[] expected = context.LogitsAfter(0, tokens.AsSpan(6));

        context.LoadState(1, state);

        Assert.Equal(46, context.GetSequenceLength(1));
        AssertClose(expected, context.LogitsAfter(1, tokens.AsSpan(6)));
    }

    [Fact]
    public void ShiftPendingOnAFullCacheIsAppliedAllTheSame()
    {
        using IInferenceContext context = Model.Context(size: 256, batch: 256);
        context.Append(0, [.. Enumerable.Repeat(300, 256)]);
        byte[] before = context.Save(0);

        context.ShiftSequence(0, 0, -1, 7);

        Assert.NotEqual(before, context.Save(0));
        context.ShiftSequence(0, 0, -1, -7);
        context.LoadState(0, context.Save(0));
        Assert.Equal(256, context.GetSequenceLength(0));
    }

    [Fact]
    public void DestinationThatIsTooSmallIsRefused()
    {
        using IInferenceContext context = Model.Context();
        context.Append(0, Model.Tokens(Prompt));
        byte[] small = new byte[context.GetStateSize(0) - 1];

        Assert.Throws<ArgumentException>(() => context.SaveState(0, small));
        Assert.Throws<ArgumentException>(() => context.SaveState(0, []));
    }

    [Fact]
    public void EveryTruncationIsRefusedAndEmptiesTheSequence()
    {
        using IInferenceContext context = Model.Context();
        context.Append(0, Model.Tokens("Four tokens or so"));
        byte[] state = context.Save(0);

        for (int length = 0; length < state.Length; length += length < 200 ? 1 : 97)
        {
            RefusesState(context, state[..length]);
        }

        RefusesState(context, [.. state, 0]);
        RefusesState(context, [.. state, .. state]);
        context.LoadState(1, state);
    }

    [Fact]
    public void BitFlipsNeverEndTheProcess()
    {
        using IInferenceContext context = Model.Context();
        context.Append(0, Model.Tokens("Four tokens or so"));
        byte[] state = context.Save(0);
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 1000; i++)
        {
            byte[] damaged = [.. state];
            damaged[i < 800 ? i / 8 : random.Next(damaged.Length)] ^= (byte)(1 << (i % 8));
            try
            {
                context.LoadState(1, damaged);
            }
            catch (RedisInferException exception) when (exception.Code == RedisInferErrorCode.StateCorrupt)
            {
                refused++;
                Assert.Equal(0, context.GetSequenceLength(1));
            }
        }

        // A flipped bit in a key gives another valid number. The envelope around a state detects such errors.
        Assert.InRange(refused, 300, 999);
        context.LoadState(1, state);
    }

    [Theory]
    [InlineData(KvType.F16, true)]
    [InlineData(KvType.F16, false)]
    [InlineData(KvType.Q8_0, true)]
    public void NumbersThatAreNotFiniteAreRefusedAndLeaveOtherSequencesAlone(KvType kvType, bool flashAttention)
    {
        int[] tokens = Model.Tokens(Prompt);
        using IInferenceContext context = Model.Context(kvType: kvType, flashAttention: flashAttention);
        float[] expected = context.LogitsAfter(0, tokens);
        context.RemoveSequence(0);
        context.Append(0, tokens);
        byte[] state = context.Save(0);
        context.RemoveSequence(0);
        foreach (ushort number in (ushort[])[0x7E00, 0xFE01, 0x7C00, 0xFC00])
        {
            // The first number, or scale, of the keys.
            byte[] damaged = [.. state];
            int data = 16 + (12 * tokens.Length) + 8 + 12;
            BinaryPrimitives.WriteUInt16LittleEndian(damaged.AsSpan(data), number);

            Assert.Contains("finite", RefusesState(context, damaged).Message, StringComparison.Ordinal);
        }

        AssertClose(expected, context.LogitsAfter(0, tokens));
    }

    [Theory]
    [InlineData(uint.MaxValue)]
    [InlineData(0x7FFFFFFFu)]
    [InlineData(100_000_000u)]
    [InlineData(513u)]
    public void ClaimedCellCountBeyondTheContextIsRefused(uint cells)
    {
        using IInferenceContext context = Model.Context();
        context.Append(0, Model.Tokens(Prompt));
        byte[] state = context.Save(0);
        BinaryPrimitives.WriteUInt32LittleEndian(state.AsSpan(12), cells);

        Assert.Contains("cells", RefusesState(context, state).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void StateOfAnotherKvTypeIsRefused()
    {
        using IInferenceContext context = Model.Context(kvType: KvType.Q8_0);
        using IInferenceContext other = Model.Context(kvType: KvType.F16);
        other.Append(0, Model.Tokens(Prompt));

        RefusesState(context, other.Save(0));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void StateOfValuesThatLieOtherwiseIsRefused(bool flashAttention)
    {
        using IInferenceContext context = Model.Context(flashAttention: flashAttention);
        using IInferenceContext other = Model.Context(flashAttention: !flashAttention);
        other.Append(0, Model.Tokens(Prompt));

        RefusesState(context, other.Save(0));
    }

    [Fact]
    public void StateLargerThanTheFreeCellsIsRefused()
    {
        using IInferenceContext large = Model.Context(size: 512, batch: 512);
        large.Append(0, [.. Enumerable.Repeat(300, 400)]);
        using IInferenceContext small = Model.Context(size: 256);

        RefusesState(small, large.Save(0));
        large.Append(1, [.. Enumerable.Repeat(300, 100)]);
        RefusesState(large, large.Save(0), sequence: 2);
    }

    [Fact]
    public void SequenceOutsideTheContextIsRefused()
    {
        using IInferenceContext context = Model.Context();
        byte[] state = context.Save(0);

        foreach (int sequence in (int[])[-1, 4, int.MaxValue])
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => context.GetStateSize(sequence));
            Assert.Throws<ArgumentOutOfRangeException>(() => context.SaveState(sequence, new byte[1000]));
            Assert.Throws<ArgumentOutOfRangeException>(() => context.LoadState(sequence, state));
        }
    }

    [Fact]
    public void ContextForEmbeddingsHasNoStates()
    {
        using IInferenceContext context = engine.Embedding(EmbeddingPooling.Last).Context(embeddings: true);
        using IInferenceContext encoder = engine.Embedding(EmbeddingPooling.Mean).Context(embeddings: true);

        Assert.Throws<ArgumentException>(() => context.GetStateSize(0));
        Assert.Throws<ArgumentException>(() => encoder.LoadState(0, new byte[100]));
    }

    private static RedisInferException RefusesState(IInferenceContext context, byte[] state, int sequence = 1)
    {
        var thrown = Assert.Throws<RedisInferException>(() => context.LoadState(sequence, state));
        Assert.Equal(RedisInferErrorCode.StateCorrupt, thrown.Code);
        Assert.Equal(0, context.GetSequenceLength(sequence));
        return thrown;
    }

    // Saves the first positions of sequence 1 as the state of sequence 0.
    private static byte[] SaveFirst(IInferenceContext context, int length)
    {
        context.RemoveSequence(0);
        context.CopySequence(1, 0, 0, length);
        return context.Save(0);
    }
}
