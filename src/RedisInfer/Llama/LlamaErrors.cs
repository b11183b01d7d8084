using RedisInfer.Errors;
using RedisInfer.Llama.Gguf;

namespace RedisInfer.Llama;

/// <summary>The text of everything that can go wrong with a model, a context or a state.</summary>
internal static class LlamaErrors
{
    internal static RedisInferException SplitMissing(string path, string part) => GgufErrors.NotLoadable(
        $"'{path}' is the first part of a model in several files; the part '{part}' is missing. Put all parts into one folder.");

    internal static RedisInferException LoadFailed(string path, string architecture, string log) => GgufErrors.NotLoadable(
        $"llama.cpp could not load '{path}' (architecture '{architecture}'). {(log.Length > 0 ? "It said: " + log : "It gave no reason; its log has more.")}"
        + (log.Contains("unknown model architecture", StringComparison.Ordinal)
            ? " This release does not know the architecture: use another model, or point LlamaOptions.NativeLibraryDirectory to a newer build."
            : ""));

    internal static RedisInferException CannotGenerate(ModelInfoText model) => GgufErrors.NotLoadable(
        $"'{model.Path}' (architecture '{model.Architecture}') is an embedding model and cannot generate text. Use it as embedding model, "
        + "and a text model to generate.");

    internal static RedisInferException CannotEmbed(ModelInfoText model) => GgufErrors.NotLoadable(
        $"'{model.Path}' (architecture '{model.Architecture}') is a text model: it does not say how to pool token embeddings "
        + $"('{model.Architecture}.pooling_type'). Use an embedding model, for example a GGUF of nomic-embed, bge or Qwen3-Embedding.");

    internal static RedisInferException IsReranker(ModelInfoText model) => GgufErrors.NotLoadable(
        $"'{model.Path}' is a re-ranker (pooling type 'rank'): it scores pairs and gives no embeddings. Use an embedding model.");

    internal static RedisInferException ContextNotCreated(string settings, string log) => new(
        RedisInferErrorCode.OverBudget,
        $"llama.cpp could not create a context with {settings}. {(log.Length > 0 ? "It said: " + log : "Most likely memory ran out.")} "
        + "Lower ContextSize, BatchSize or MaxSequences, or use a KV cache of type Q8_0.");

    internal static RedisInferException KvOverMemory(int contextSize, long bytes, long availableBytes) => new(
        RedisInferErrorCode.OverBudget,
        $"Attention over {contextSize} tokens takes {bytes / (1024 * 1024)} MB, and this process may use {availableBytes / (1024 * 1024)} MB. "
        + "Lower ContextSize, or use a KV cache of type Q8_0.");

    internal static RedisInferException KvTypeUnfit(int headSize) => new(
        RedisInferErrorCode.InvalidOptions,
        $"The KV cache type Q8_0 needs attention heads of a multiple of 32 numbers; this model's have {headSize}. Use F16.");

    internal static RedisInferException KvTypeNeedsFlashAttention() => new(
        RedisInferErrorCode.InvalidOptions,
        "Without flash attention llama.cpp keeps values in no other type than F16. Take F16, or leave flash attention on.");

    internal static RedisInferException NoChatTemplate(string path) => new(
        RedisInferErrorCode.ModelNotLoadable,
        $"'{path}' has no chat template ('tokenizer.chat_template'): it is a base model. Use its instruction-tuned variant.");

    internal static RedisInferException UnknownChatTemplate(string path) => new(
        RedisInferErrorCode.ModelNotLoadable,
        $"The chat template of '{path}' is none of those that llama.cpp knows (it recognises them by their markers and runs no Jinja). Use a "
        + "model with a common template (ChatML, Llama, Mistral, Gemma, Phi, ...).");

    internal static RedisInferException DecodeFailed(int code) => new(
        RedisInferErrorCode.DecodeFailed,
        $"llama.cpp could not decode the batch (code {code}; its log says why). Sequences of the batch keep what was finished of it: remove them "
        + "before going on. If it happens again, memory is short: use a smaller context.");

    internal static RedisInferException LogitsNotFinite(string path) => new(
        RedisInferErrorCode.DecodeFailed,
        $"The model '{path}' gave logits that are no numbers. Its weights are damaged, or a KV state of another model was restored: download "
        + "the model again, and clear stored KV states.");

    internal static RedisInferException StateCorrupt(string detail) => new(
        RedisInferErrorCode.StateCorrupt,
        $"The KV state is refused: {detail}. It is damaged, or was saved with another model, engine release or KV setting. The sequence is "
        + "empty; compute the tokens again.");

    internal static InvalidOperationException UsedByTwoThreads() => new(
        "The context is in use by another thread. A context belongs to one thread at a time: send its work through one queue.");

    internal static NotSupportedException NoState(string architecture) => new(
        $"KV states of the architecture '{architecture}' cannot be saved per sequence: it is no plain attention cache.");

    internal static NotSupportedException NoPartialRemoval(string architecture) => new(
        $"The memory of the architecture '{architecture}' cannot give up single positions. Remove the whole sequence.");

    internal static NotSupportedException NoShift(string architecture) => new(
        $"The KV cache of the architecture '{architecture}' cannot be shifted. Compute the tokens at their new positions.");

    /// <summary>What an error says of a model.</summary>
    internal readonly record struct ModelInfoText(string Path, string Architecture);
}
