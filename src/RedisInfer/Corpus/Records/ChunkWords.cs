using RedisInfer.Words;

namespace RedisInfer.Corpus.Records;

/// <summary>The words of one chunk.</summary>
/// <param name="Index">Position among the document's chunks, from 0.</param>
/// <param name="Words">Each word once.</param>
internal sealed record ChunkWords(int Index, WordCount[] Words)
{
    /// <summary>How many words there are, repetitions counted.</summary>
    public int Length { get; } = Words.Sum(word => word.Count);
}
