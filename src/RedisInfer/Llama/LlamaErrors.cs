using RedisInfer.Errors;
using RedisInfer.Llama.Gguf;

namespace RedisInfer.Llama;

/// <summary>Error texts for everything that can go wrong with a model, a context or a KV state.</summary>
internal static class LlamaErrors
{
    internal static RedisInferException SplitMissing(string path, string part) => GgufErrors.NotLoadable(
        $"'{path}' is the first part of a model in several files, but the part '{part}' is missing. Put all parts into one folder.");

    internal static RedisInferException LoadFailed(string path, string architecture, string log) => GgufErrors.NotLoadable(
        $"llama.cpp could not load '{path}' (architecture '{architecture}'). "
        + $"{(log.Length > 0 ? "It reported: " + log : "It gave no reason. See its log.")}"
        + (log.Contains("unknown model architecture", StringComparison.Ordinal)
            ? " This release does not know the architecture. Use another model, "
              + "or point LlamaOptions.NativeLibraryDirectory to a newer build."
            : ""));

    internal static RedisInferException CannotGenerate(ModelInfoText model) => GgufErrors.NotLoadable(
        $"'{model.Path}' (architecture '{model.Architecture}') is an embedding model and cannot generate text. Use it as the embedding "
        + "model, and use a text model to generate text.");

    internal static RedisInferException CannotEmbed(ModelInfoText model) => GgufErrors.NotLoadable(
        $"'{model.Path}' (architecture '{model.Architecture}') is a text model: its metadata does not say how to pool token embeddings "
        + $"('{model.Architecture}.pooling_type'). Use an embedding model, for example a GGUF of nomic-embed, bge or Qwen3-Embedding.");

    internal static RedisInferException IsReranker(ModelInfoText model) => GgufErrors.NotLoadable(
        $"'{model.Path}' is a re-ranker (pooling type 'rank'): it scores pairs and gives no embeddings. Use an embedding model.");

    internal static RedisInferException CannotRank(ModelInfoText model) => GgufErrors.NotLoadable(
        $"'{model.Path}' (architecture '{model.Architecture}') is no re-ranker: it has no classification head ('cls.output.weight') that "
        + "gives a score. Use a GGUF of bge-reranker, jina-reranker or Qwen3-Reranker.");

    internal static RedisInferException ContextNotCreated(string settings, string log) => new(
        RedisInferErrorCode.OverBudget,
        $"llama.cpp could not create a context with {settings}. {(log.Length > 0 ? "It reported: " + log : "Most likely memory ran out.")} "
        + "Lower ContextSize, BatchSize or MaxSequences, or use a KV cache of type Q8_0.");

    internal static RedisInferException KvOverMemory(int contextSize, long bytes, long availableBytes) => new(
        RedisInferErrorCode.OverBudget,
        $"Attention over {contextSize} tokens takes {bytes / (1024 * 1024)} MB, but this process may use only "
        + $"{availableBytes / (1024 * 1024)} MB. Lower ContextSize, or use a KV cache of type Q8_0.");

    internal static RedisInferException KvTypeUnfit(int headSize) => new(
        RedisInferErrorCode.InvalidOptions,
        $"The KV cache type Q8_0 needs attention heads whose length is a multiple of 32. The heads of this model have length "
        + $"{headSize}. Use F16.");

    internal static RedisInferException KvTypeNeedsFlashAttention() => new(
        RedisInferErrorCode.InvalidOptions,
        "Without flash attention, llama.cpp can keep values only in F16. Use F16, or leave flash attention on.");

    internal static RedisInferException DecodeFailed(int code) => new(
        RedisInferErrorCode.DecodeFailed,
        $"llama.cpp could not decode the batch (code {code}; see its log). The sequences of the batch keep the tokens that were finished: "
        + "remove these before continuing. If it happens again, memory is short: use a smaller context.");

    internal static RedisInferException LogitsNotFinite(string path) => new(
        RedisInferErrorCode.DecodeFailed,
        $"The model '{path}' gave logits that are not finite numbers. Its weights are damaged, or a KV state of another model was "
        + "restored. Download the model again, and clear the stored KV states.");

    internal static RedisInferException StateCorrupt(string detail) => new(
        RedisInferErrorCode.StateCorrupt,
        $"The KV state is refused: {detail}. It is damaged, or was saved with another model, engine release or KV setting. The sequence is "
        + "now empty: compute its tokens again.");

    internal static InvalidOperationException UsedByTwoThreads() => new(
        "Another thread is using the context. A context belongs to one thread at a time: send its work through one queue.");

    internal static ArgumentException NoState(string architecture, bool isPooled, string argument) => new(
        isPooled
            ? "A sequence has no KV state: the context computes embeddings or scores, and keeps nothing between batches."
            : $"KV states of the architecture '{architecture}' cannot be saved per sequence: its memory is not a plain KV cache.",
        argument);

    internal static ArgumentException NoPartialRemoval(string architecture, string argument) => new(
        $"The memory of the architecture '{architecture}' does not support the removal of single positions. Remove the whole sequence.", argument);

    internal static ArgumentException NoShift(string architecture, bool isPooled, string argument) => new(
        isPooled
            ? "A sequence has no positions to shift: the context computes embeddings or scores, and keeps nothing between batches."
            : $"The KV cache of the architecture '{architecture}' cannot be shifted. Compute the tokens at their new positions.",
        argument);

    /// <summary>The properties of a model that an error text names.</summary>
    internal readonly record struct ModelInfoText(string Path, string Architecture);
}
