using System.Numerics;
using RedisInfer.Inference;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Gguf;
using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama;

/// <summary>Creates a context from <see cref="ContextOptions"/>, and refuses options with which llama.cpp would end the process.</summary>
internal static class LlamaContextFactory
{
    /// <summary>
    /// Lower bound for the number of rows per batch that may ask for logits. llama.cpp keeps room for all of them in each compute buffer.
    /// Many models have a vocabulary of 150,000 tokens: 512 rows would then take 300 MB for nothing.
    /// </summary>
    internal const int MinOutputRows = 32;

    /// <summary>Tokens computed at once. More tokens make no CPU faster and lengthen the time until an abort is seen.</summary>
    internal const int MicroBatchSize = 512;

    // Buffers of a batch are allocated at once. A recurrent model takes any number of cells, so that does not bound it.
    private const int MaxBatchSize = 1 << 20;

    internal static LlamaContext Create(LlamaModel model, GgufHeader header, ContextOptions options)
    {
        CheckOptions(options, model.Build.MaxSequences);
        CheckPurpose(model, options);
        CheckKvType(header, options);
        CheckMemory(header, options);

        using HandleUse use = model.Handle.Use();

        // If sequences share their cells, there is one more than the caller has (ContextLimits.SpareSequence). Models with recurrent state
        // have no use for it, and each sequence costs them memory.
        bool canSplit = CanSplit(model, options);
        bool separate = HasSeparateCells(model, header, options);
        int sequences = NativeSequences(options, canSplit && !separate);
        ContextSettings settings = ToSettings(options, sequences, separate);
        LlamaLog.StartCapture();
        BoundContext? handle = model.Handle.CreateContext(settings);
        string log = LlamaLog.EndCapture();
        if (handle is null)
        {
            throw LlamaErrors.ContextNotCreated(
                $"{options.ContextSize} cells, {options.MaxSequences} sequences and batches of {options.BatchSize}", log);
        }

        try
        {
            return new LlamaContext(model, handle, new ContextLimits
            {
                ContextSize = handle.Cells,
                SequenceLength = handle.Cells / (separate ? sequences : 1),
                Streams = separate ? sequences : 1,
                CanSplit = canSplit,
                BatchSize = Math.Min(options.BatchSize, handle.BatchSize),
                MaxSequences = options.MaxSequences,
                MaxOutputRows = options.IsPooled ? settings.BatchSize : settings.OutputRows,
                PositionLimit = PositionLimit(model, options),
                SpareSequence = canSplit && !separate ? options.MaxSequences : null,
                IsPooled = options.IsPooled,
                Ranking = options.Ranking,
            });
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    /// <summary>The longest sequence, in KV cells.</summary>
    internal static int SequenceLength(LlamaModel model, GgufHeader header, ContextOptions options) =>
        HasSeparateCells(model, header, options)
            ? KvCacheSize.SequenceCells(options)
            : KvCacheSize.Cells(options with { SeparateSequences = false });

    /// <summary>
    /// The context settings that a saved KV state depends on, besides the model and the release:
    /// <list type="bullet">
    /// <item>the types of keys and values;</item>
    /// <item>whether flash attention may be used, which decides the layout of values;</item>
    /// <item>the number of streams of cells, which is 1 in a state outside of llama.cpp (<see cref="KvStateParts"/>);</item>
    /// <item>whether keys are rotated before they are quantized (<see cref="ProcessEnvironment"/> keeps that constant).</item>
    /// </list>
    /// The number of cells, batches and threads may differ.
    /// </summary>
    internal static string StateFingerprint(string modelFingerprint, ContextOptions options) =>
        $"{modelFingerprint} kv={options.KvType} flash-attention={(options.FlashAttention ? "auto" : "off")} streams=1 rotation=on";

    // If sequences are pooled, llama.cpp asserts that its largest micro-batch can be divided evenly among all sequences. Their number is rounded up
    // to a power of two, because that divides the 256 cells that the size of a context is a multiple of.
    private static int NativeSequences(ContextOptions options, bool spare) =>
        options.IsPooled ? (int)BitOperations.RoundUpToPowerOf2((uint)options.MaxSequences)
        : spare ? options.MaxSequences + 1
        : options.MaxSequences;

    private static bool CanSplit(LlamaModel model, ContextOptions options) =>
        !options.IsPooled
        && !model.Facts.HasRecurrentState;

    // The state of a whole sequence lacks the cells that a sliding window has passed. So it could not be cut into blocks with all their cells.
    private static bool HasSeparateCells(LlamaModel model, GgufHeader header, ContextOptions options) =>
        options.SeparateSequences && CanSplit(model, options) && (header.GetArchitectureInteger("attention.sliding_window") ?? 0) == 0;

    private static ContextSettings ToSettings(ContextOptions options, int sequences, bool separate)
    {
        int cells = KvCacheSize.Cells(options with { SeparateSequences = separate });

        // llama.cpp asserts that a batch can hold one output of each sequence.
        int batch = Math.Max(Math.Min(Math.Min(options.BatchSize, MaxBatchSize), cells), sequences);
        batch = options.IsPooled ? RoundUp(batch, sequences) : batch;
        int threads = options.Threads == 0 ? Math.Max(1, Environment.ProcessorCount - 1) : options.Threads;
        return new ContextSettings
        {
            Cells = cells,
            BatchSize = batch,

            // A text is pooled over one micro-batch, so the whole batch must be one micro-batch.
            MicroBatchSize = options.IsPooled ? batch : Math.Min(batch, MicroBatchSize),
            Sequences = sequences,
            OutputRows = options.IsPooled ? 0 : Math.Min(batch, Math.Max(sequences, MinOutputRows)),
            Threads = threads,
            Cpus = options.PinThreads ? ProcessCpus.Choose(threads) : [],
            FlashAttention = options.FlashAttention,
            KvType = options.KvType,
            Embeddings = options.IsPooled,
            Ranking = options.Ranking,

            // In one buffer, sequences can share cells. In separate ones, no sequence passes over the cells of others.
            SharedCells = !separate,
        };
    }

    private static int RoundUp(int value, int multiple) => (value + multiple - 1) / multiple * multiple;

    // Models that learned a vector per position read beyond the end of that table after the length they were trained with. Models with
    // rotary positions (RoPE) have no such table.
    private static int PositionLimit(LlamaModel model, ContextOptions options) =>
        options.IsPooled || !model.Facts.HasRotaryPositions
            ? model.Info.TrainedContextSize
            : int.MaxValue;

    private static void CheckOptions(ContextOptions options, int maxSequences)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.ContextSize, nameof(options.ContextSize));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.ContextSize, int.MaxValue - KvCacheSize.CellMultiple, nameof(options.ContextSize));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.BatchSize, nameof(options.BatchSize));
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(options.MaxSequences, nameof(options.MaxSequences));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            options.MaxSequences, maxSequences - 1, nameof(options.MaxSequences));
        ArgumentOutOfRangeException.ThrowIfNegative(options.Threads, nameof(options.Threads));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(options.Threads, Environment.ProcessorCount, nameof(options.Threads));
        if (!Enum.IsDefined(options.KvType))
        {
            throw new ArgumentOutOfRangeException(nameof(options.KvType), options.KvType, "This is not a type of KV cache.");
        }
    }

    private static void CheckPurpose(LlamaModel model, ContextOptions options)
    {
        if (options.Ranking)
        {
            if (options.Embeddings)
                throw new ArgumentException("A context computes embeddings or scores, not both.", nameof(options));
            if (model.RankOutput is null)
                throw LlamaErrors.CannotRank(model.Text);
        }
        else if (options.Embeddings)
        {
            switch (model.Info.Pooling)
            {
                case EmbeddingPooling.None:
                    throw LlamaErrors.CannotEmbed(model.Text);
                case EmbeddingPooling.Rank:
                    throw LlamaErrors.IsReranker(model.Text);
            }
        }
        else if (!model.Info.CanGenerate)
        {
            throw LlamaErrors.CannotGenerate(model.Text);
        }
    }

    private static void CheckKvType(GgufHeader header, ContextOptions options)
    {
        if (options.KvType != KvType.F16 && !options.FlashAttention)
        {
            throw LlamaErrors.KvTypeNeedsFlashAttention();
        }

        foreach (string what in (ReadOnlySpan<string>)["key", "value"])
        {
            long headSize = KvCacheSize.HeadSize(header, what, 0);
            if (options.KvType == KvType.Q8_0 && headSize % KvCacheSize.Q8BlockLength != 0)
            {
                throw LlamaErrors.KvTypeUnfit((int)headSize);
            }
        }
    }

    // llama.cpp writes zeros to the whole KV cache at once. If that exceeds the available memory, the system ends the process.
    private static void CheckMemory(GgufHeader header, ContextOptions options)
    {
        long bytes = KvCacheSize.Estimate(header, options) + KvCacheSize.EstimateScores(header, options, LlamaContextFactory.MicroBatchSize);
        long availableBytes = HostMemory.ReadLimit();
        if (bytes > availableBytes)
        {
            throw LlamaErrors.KvOverMemory(options.ContextSize, bytes, availableBytes);
        }
    }
}
