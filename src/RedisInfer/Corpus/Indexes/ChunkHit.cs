using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>What a search found.</summary>
/// <param name="Chunk">The chunk; whether its generation is the current one is not known yet.</param>
/// <param name="Score">Cosine similarity to the question, -1 to 1: of the embeddings, or of the words.</param>
internal readonly record struct ChunkHit(ChunkRef Chunk, float Score);
