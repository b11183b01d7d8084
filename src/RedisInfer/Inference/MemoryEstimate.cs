namespace RedisInfer.Inference;

/// <summary>The memory that a model would take, estimated from its file alone.</summary>
/// <param name="WeightBytes">Bytes of the model's weights.</param>
/// <param name="KvBytes">Bytes of the KV cache; 0 if the context computes embeddings.</param>
/// <param name="ScoreBytes">
/// Bytes of the attention scores of a batch; 0 with flash attention, which does not store them. Of a context for scores, also the logits
/// that a decoder computes for each row.
/// </param>
public sealed record MemoryEstimate(long WeightBytes, long KvBytes, long ScoreBytes);
