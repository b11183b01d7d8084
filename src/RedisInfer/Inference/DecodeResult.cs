namespace RedisInfer.Inference;

/// <summary>How decoding a batch ended.</summary>
public enum DecodeResult
{
    /// <summary>All tokens are in the KV cache; the logits asked for can be read.</summary>
    Done,

    /// <summary>No KV cells were free for the batch; nothing changed.</summary>
    KvCacheFull,

    /// <summary>
    /// Cancelled while computing. Tokens of finished micro-batches may be in the KV cache: remove the positions of the
    /// batch from each of its sequences before going on.
    /// </summary>
    Aborted,
}
