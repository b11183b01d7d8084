using RedisInfer.Inference;

namespace RedisInfer.KvBlocks;

/// <summary>How large blocks are for one model and KV type: the same in every process, since the cuts go into the keys.</summary>
/// <param name="MaxTokens">Most tokens of a block.</param>
/// <param name="StateBytes">Room for the state of that many.</param>
internal readonly record struct KvBlockSize(int MaxTokens, int StateBytes)
{
    /// <summary>
    /// Bytes of a state that blocks are cut for. Smaller ones cost round trips; larger ones delay what stands behind them on the connection
    /// and stretch the step in which one is restored.
    /// </summary>
    internal const int TargetBytes = 4 << 20;

    // A small model's block of thousands of tokens would rarely be shared as a whole.
    private const int MostTokens = 256;

    /// <summary>Derives the size.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The context that saves and loads.</param>
    /// <returns>The size.</returns>
    public static KvBlockSize For(IInferenceModel model, ContextOptions options)
    {
        long cellBytes = Math.Max(1, model.GetMaxStateBytes(options, 1) - model.GetMaxStateBytes(options, 0));
        int tokens = (int)Math.Clamp(TargetBytes / cellBytes, 1, MostTokens);
        return new KvBlockSize(tokens, checked((int)model.GetMaxStateBytes(options, tokens)));
    }
}
