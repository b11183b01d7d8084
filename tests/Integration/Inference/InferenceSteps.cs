using RedisInfer.Inference;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>Steps that most engine tests share.</summary>
internal static class InferenceSteps
{
    /// <summary>Creates a context on one thread. With two, other load on the machine slows tiny models down a thousand times.</summary>
    public static IInferenceContext Context(
        this IInferenceModel model,
        int size = 512,
        int sequences = 4,
        int batch = 128,
        KvType kvType = KvType.F16,
        bool flashAttention = true,
        bool embeddings = false) =>
        model.CreateContext(new ContextOptions
        {
            ContextSize = size,
            MaxSequences = sequences,
            BatchSize = batch,
            Threads = 1,
            KvType = kvType,
            FlashAttention = flashAttention,
            Embeddings = embeddings,
        });

    public static int[] Tokens(this IInferenceModel model, string text) => model.Tokenizer.Tokenize(text, parseSpecial: false);

    /// <summary>Decodes tokens at the end of the sequence. Returns the row of the last token, which has logits.</summary>
    public static int Append(this IInferenceContext context, int sequence, params ReadOnlySpan<int> tokens)
    {
        int row = -1;
        int start = context.GetSequenceLength(sequence);
        for (int done = 0; done < tokens.Length; done += context.BatchSize)
        {
            ReadOnlySpan<int> part = tokens.Slice(done, Math.Min(context.BatchSize, tokens.Length - done));
            var batch = new TokenBatch(part.Length);
            for (int i = 0; i < part.Length; i++)
            {
                row = batch.Add(part[i], start + done + i, sequence, output: done + i + 1 == tokens.Length);
            }

            Assert.Equal(DecodeResult.Done, context.Decode(batch, CancellationToken.None));
        }

        return row;
    }

    /// <summary>Decodes tokens and returns the logits after the last one.</summary>
    public static float[] LogitsAfter(this IInferenceContext context, int sequence, params ReadOnlySpan<int> tokens) =>
        context.GetLogits(context.Append(sequence, tokens)).ToArray();

    /// <summary>Generates tokens greedily, after the tokens of a sequence and one more token.</summary>
    public static int[] Continue(this IInferenceContext context, IInferenceModel model, int sequence, int token, int count)
    {
        using ISampler sampler = model.CreateSampler(new SamplingOptions());
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++)
        {
            int row = context.Append(sequence, i == 0 ? token : tokens[i - 1]);
            tokens[i] = context.Sample(sampler, row);
        }

        return tokens;
    }

    public static byte[] Save(this IInferenceContext context, int sequence)
    {
        byte[] state = new byte[context.GetStateSize(sequence)];
        return state[..context.SaveState(sequence, state)];
    }

    public static void AssertClose(ReadOnlySpan<float> expected, ReadOnlySpan<float> actual, float tolerance = 1e-3f)
    {
        Assert.Equal(expected.Length, actual.Length);
        float scale = 1;
        foreach (float value in expected)
        {
            scale = Math.Max(scale, Math.Abs(value));
        }

        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(actual[i], expected[i] - tolerance * scale, expected[i] + tolerance * scale);
        }
    }
}
