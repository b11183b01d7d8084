namespace RedisInfer;

/// <summary>How documents are cut. A change of either value re-chunks every document at its next indexing.</summary>
public sealed class ChunkingOptions
{
    internal const int MinMaxTokens = 16;
    internal const int MaxMaxTokens = 32_768;

    /// <summary>The ceiling of a chunk, in tokens of the generating model, from 16 to 32768. The default is 128.</summary>
    public int MaxTokens { get; set; } = 128;

    /// <summary>How many paragraphs a chunk repeats from the one before it: 0 or 1. The default is 1.</summary>
    public int Overlap { get; set; } = 1;

    internal IEnumerable<string> Validate()
    {
        if (MaxTokens is < MinMaxTokens or > MaxMaxTokens)
            yield return $"MaxTokens is {MaxTokens}: give {MinMaxTokens} to {MaxMaxTokens} tokens.";
        if (Overlap is < 0 or > 1)
            yield return $"Overlap is {Overlap}: give 0 or 1 paragraphs.";
    }
}
