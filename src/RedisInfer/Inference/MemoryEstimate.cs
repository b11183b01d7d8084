namespace RedisInfer.Inference;

/// <summary>What a model would take, by its file alone.</summary>
/// <param name="WeightBytes">Bytes of its weights.</param>
/// <param name="KvBytes">Bytes of the KV cache; 0 where the context computes embeddings.</param>
/// <param name="ScoreBytes">Bytes of the attention scores of a batch; 0 with flash attention, which keeps none.</param>
public sealed record MemoryEstimate(long WeightBytes, long KvBytes, long ScoreBytes);
