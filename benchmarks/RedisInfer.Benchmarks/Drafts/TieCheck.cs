using RedisInfer.Inference;

namespace RedisInfer.Benchmarks.Drafts;

/// <summary>Looks at the logits where two answers part.</summary>
internal static class TieCheck
{
    private const int Rows = 8;

    /// <summary>
    /// Computes the logits before the first token that differs, once with that row alone and once in a batch with the rows before it.
    /// </summary>
    /// <returns>How far the logits of the two tokens are apart, and how far any logit moves from one batch to the other.</returns>
    public static (double Gap, double Rounding) Compare(
        IInferenceModel model, int threads, ReadOnlySpan<int> prompt, ReadOnlySpan<int> plain, ReadOnlySpan<int> proposed)
    {
        int common = plain.CommonPrefixLength(proposed);
        int[] tokens = [.. prompt, .. plain[..common]];
        float[] alone = Logits(model, threads, tokens, 1);
        int end = Enumerable.Range(0, alone.Length).Where(model.Tokenizer.IsEndOfGeneration).MaxBy(token => alone[token]);
        int first = common < plain.Length ? plain[common] : end;
        int second = common < proposed.Length ? proposed[common] : end;
        float[] together = Logits(model, threads, tokens, Rows);
        return (Math.Abs(alone[first] - alone[second]), alone.Zip(together).Max(pair => Math.Abs(pair.First - pair.Second)));
    }

    private static float[] Logits(IInferenceModel model, int threads, int[] tokens, int lastRows)
    {
        using IInferenceContext context = model.CreateContext(new ContextOptions { ContextSize = tokens.Length + 1, BatchSize = tokens.Length, Threads = threads });
        var batch = new TokenBatch(tokens.Length);
        for (int i = 0; i < tokens.Length - lastRows; i++)
        {
            batch.Add(tokens[i], i, 0, output: false);
        }

        context.Decode(batch, CancellationToken.None);
        batch.Clear();
        for (int i = tokens.Length - lastRows; i < tokens.Length; i++)
        {
            batch.Add(tokens[i], i, 0, output: i == tokens.Length - 1);
        }

        context.Decode(batch, CancellationToken.None);
        return context.GetLogits(lastRows - 1).ToArray();
    }
}
