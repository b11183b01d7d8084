using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>One hit of a search.</summary>
/// <param name="Chunk">The chunk. Whether its generation is current is not known yet.</param>
/// <param name="Score">Cosine similarity to the question, -1 to 1: of the embeddings, or of the words.</param>
internal readonly record struct ChunkHit(ChunkRef Chunk, float Score)
{
    /// <summary>What a word search ranks by, 0 to 1: how well the words of chunk and document fit, relative to the best of all.</summary>
    public float Relevance { get; init; }
}
