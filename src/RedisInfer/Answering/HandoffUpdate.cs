namespace RedisInfer.Answering;

/// <summary>A piece of an answer as hosts send it.</summary>
internal sealed record HandoffUpdate(RagUpdate Update, GeneratedAnswer? Generated);
