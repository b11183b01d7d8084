namespace RedisInfer.Redis;

/// <summary>What a vector search found.</summary>
/// <param name="Chunk">The chunk; whether its generation is the current one is not known yet.</param>
/// <param name="Score">Cosine similarity, -1 to 1.</param>
internal readonly record struct VectorHit(ChunkRef Chunk, float Score);
