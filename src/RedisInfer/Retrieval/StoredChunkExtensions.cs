using RedisInfer.Corpus.Records;
using RedisInfer.Prompting;

namespace RedisInfer.Retrieval;

/// <summary>Converts stored chunks to passages.</summary>
internal static class StoredChunkExtensions
{
    /// <summary>Converts a chunk to a passage.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="score">Cosine similarity to the question, -1 to 1.</param>
    public static Passage ToPassage(this StoredChunk chunk, float score) =>
        new(chunk.Path, chunk.Index, chunk.StartLine, chunk.EndLine, score, chunk.Text, chunk.Tokens)
        {
            Trail = chunk.Trail,
            Page = chunk.Page,
            Bytes = chunk.Bytes,
            LoadStrategy = chunk.LoadStrategy,
            LoadReason = chunk.LoadReason,
        };
}
