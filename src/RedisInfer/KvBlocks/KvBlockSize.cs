using RedisInfer.Inference;

namespace RedisInfer.KvBlocks;

/// <summary>The size of blocks for one model and KV type. It is the same in every process, because keys depend on it.</summary>
/// <param name="MaxTokens">Most tokens of a block.</param>
/// <param name="StateBytes">Most bytes of the state of that many tokens.</param>
internal readonly record struct KvBlockSize(int MaxTokens, int StateBytes)
{
    /// <summary>
    /// Target for the bytes of a block's state. Smaller blocks cost round trips. Larger blocks delay what follows them on the connection,
    /// and lengthen the time between two steps when one is restored.
    /// </summary>
    internal const int TargetBytes = 4 << 20;

    // Without this limit, a small model's block would have thousands of tokens, and would rarely be shared as a whole.
    private const int MostTokens = 256;

    /// <summary>Derives the size.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The context that saves and loads the states.</param>
    /// <returns>The size.</returns>
    public static KvBlockSize For(IInferenceModel model, ContextOptions options)
    {
        long cellBytes = Math.Max(1, model.GetMaxStateBytes(options, 1) - model.GetMaxStateBytes(options, 0));
        int tokens = (int)Math.Clamp(TargetBytes / cellBytes, 1, MostTokens);
        return new KvBlockSize(tokens, checked((int)model.GetMaxStateBytes(options, tokens)));
    }
}
