namespace RedisInfer.Inference;

/// <summary>How decoding a batch ended.</summary>
public enum DecodeResult
{
    /// <summary>All tokens are in the KV cache. The requested logits can be read.</summary>
    Done,

    /// <summary>The KV cache had no free cells for the batch. Nothing changed.</summary>
    KvCacheFull,

    /// <summary>
    /// Canceled while computing. Tokens of finished micro-batches may be in the KV cache. Remove the positions of the batch from each of
    /// its sequences before continuing.
    /// </summary>
    Aborted,
}
