using RedisInfer.Words;

namespace RedisInfer.Corpus.Records;

/// <summary>The words of one chunk.</summary>
/// <param name="Index">Position among the document's chunks, from 0.</param>
/// <param name="Words">Each word once.</param>
internal sealed record ChunkWords(int Index, WordCount[] Words)
{
    /// <summary>Number of words, repetitions included.</summary>
    public int Length { get; } = Words.Sum(word => word.Count);
}
