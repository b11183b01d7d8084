using RedisInfer.Inference;

namespace RedisInfer.Context;

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

    // Small models: a block of thousands of tokens would seldom be shared as a whole.
    private const int MostTokens = 256;

    // Beside the numbers, llama.cpp writes 12 bytes of position per cell (24 for some models), and some for each layer.
    private const int CellOverheadBytes = 24;
    private const int FixedOverheadBytes = 64 << 10;

    // Contexts are sized in multiples of this; see IInferenceModel.EstimateKvBytes.
    private const int SampleCells = 4096;

    /// <summary>Derives the size.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The context that saves and loads.</param>
    /// <returns>The size.</returns>
    public static KvBlockSize For(IInferenceModel model, ContextOptions options)
    {
        long bytes = model.EstimateKvBytes(options with { ContextSize = SampleCells });
        long cellBytes = (bytes + SampleCells - 1) / SampleCells + CellOverheadBytes;
        long tokens = Math.Clamp(TargetBytes / cellBytes, 1, MostTokens);
        return new KvBlockSize((int)tokens, checked((int)((tokens * cellBytes) + FixedOverheadBytes)));
    }
}
