using RedisInfer.Inference;

namespace RedisInfer.Llama.Gguf;

/// <summary>Computes the memory that attention takes, from a model's header.</summary>
internal static class KvCacheSize
{
    /// <summary>llama.cpp rounds the size of a context up to a multiple of this many cells.</summary>
    internal const int CellMultiple = 256;

    /// <summary>Numbers in a block of Q8_0. The block takes 34 bytes: 32 numbers of one byte and a 16-bit scale.</summary>
    internal const int Q8BlockLength = 32;
    private const int Q8BlockBytes = 34;

    // Besides keys and values, a state holds 12 bytes of position per cell (24 for some models), and a few bytes for each layer.
    private const int StateCellOverheadBytes = 24;
    private const int StateOverheadBytes = 64 << 10;

    // Any multiple of CellMultiple that has enough cells for an exact quotient.
    private const int SampleCells = 4096;

    /// <summary>Bytes of the keys and values of all layers.</summary>
    internal static long Estimate(GgufHeader header, ContextOptions options)
    {
        long cells = Cells(options);
        long layers = header.GetArchitectureInteger("block_count") ?? 0;
        long numbersPerCell = 0;
        for (int layer = 0; layer < layers; layer++)
        {
            long heads = At(header.GetArchitectureIntegers("attention.head_count"), layer) ?? 0;
            long kvHeads = At(header.GetArchitectureIntegers("attention.head_count_kv"), layer) ?? heads;
            numbersPerCell += kvHeads * (HeadSize(header, "key", layer) + HeadSize(header, "value", layer));
        }

        return options.KvType == KvType.Q8_0
            ? cells * numbersPerCell / Q8BlockLength * Q8BlockBytes
            : cells * numbersPerCell * sizeof(short);
    }

    /// <summary>Maximum bytes of the saved KV state of <paramref name="tokenCount"/> tokens.</summary>
    internal static long MaxStateBytes(GgufHeader header, ContextOptions options, int tokenCount)
    {
        long bytes = Estimate(header, options with { ContextSize = SampleCells, MaxSequences = 1 });
        long cellBytes = ((bytes + SampleCells - 1) / SampleCells) + StateCellOverheadBytes;
        return (tokenCount * cellBytes) + StateOverheadBytes;
    }

    /// <summary>
    /// Bytes of the attention scores of a batch over all cells without flash attention. The scores take 32 bits in llama.cpp's compute
    /// buffer, and another 16 bits while they are multiplied with the values.
    /// </summary>
    /// <param name="header">The model's header.</param>
    /// <param name="options">The context.</param>
    /// <param name="microBatchSize">Rows computed at once (the micro-batch).</param>
    internal static long EstimateScores(GgufHeader header, ContextOptions options, int microBatchSize)
    {
        long heads = header.GetArchitectureIntegers("attention.head_count")?.DefaultIfEmpty().Max() ?? 0;
        long rows = Math.Min(options.BatchSize, microBatchSize);
        return options.FlashAttention ? 0 : (long)Cells(options) * rows * heads * (sizeof(float) + sizeof(short));
    }

    /// <summary>Length of an attention head's keys or values, in numbers.</summary>
    /// <param name="header">The model's header.</param>
    /// <param name="what"><c>key</c> or <c>value</c>.</param>
    /// <param name="layer">The layer.</param>
    internal static long HeadSize(GgufHeader header, string what, int layer)
    {
        long heads = Math.Max(1, At(header.GetArchitectureIntegers("attention.head_count"), layer) ?? 1);
        return header.GetArchitectureInteger($"attention.{what}_length") ?? (header.GetArchitectureInteger("embedding_length") ?? 0) / heads;
    }

    /// <summary>Cells of a context.</summary>
    internal static int Cells(ContextOptions options) => options.SeparateSequences && !options.IsPooled
        ? checked(SequenceCells(options) * options.MaxSequences)
        : RoundUp(options.ContextSize);

    /// <summary>Cells of one sequence, if each has its own.</summary>
    internal static int SequenceCells(ContextOptions options) =>
        RoundUp((int)(((long)options.ContextSize + options.MaxSequences - 1) / options.MaxSequences));

    private static int RoundUp(int cells) => checked((int)(((long)cells + CellMultiple - 1) / CellMultiple * CellMultiple));

    private static long? At(IReadOnlyList<long>? perLayer, int layer) =>
        perLayer is null || perLayer.Count == 0 ? null : perLayer.Count == 1 ? perLayer[0] : perLayer[Math.Min(layer, perLayer.Count - 1)];
}
