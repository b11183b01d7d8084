namespace RedisInfer.Redis;

/// <summary>What <see cref="WordPostings"/> adds up for one question, by the numbers it has given to chunks and documents.</summary>
internal sealed class WordTally(int chunkCount, int documentCount)
{
    /// <summary>Score of each chunk.</summary>
    public float[] ChunkScore { get; } = new float[chunkCount];

    /// <summary>Squared weights of the words that each chunk holds.</summary>
    public float[] ChunkHeld { get; } = new float[chunkCount];

    /// <summary>Chunks that hold any of the words.</summary>
    public List<int> Chunks { get; } = [];

    /// <summary>Score of each document.</summary>
    public float[] DocumentScore { get; } = new float[documentCount];

    /// <summary>How often each document holds the word that is being counted.</summary>
    public int[] DocumentCount { get; } = new int[documentCount];

    /// <summary>Documents that hold the word that is being counted.</summary>
    public List<int> DocumentsOfWord { get; } = [];
}
