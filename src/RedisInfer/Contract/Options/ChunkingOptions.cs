namespace RedisInfer;

/// <summary>How documents are split into chunks. After a change, every document is chunked again at its next indexing.</summary>
public sealed class ChunkingOptions
{
    internal const int MinMaxTokens = 16;
    internal const int MaxMaxTokens = 32_768;

    /// <summary>Most tokens of a chunk, counted by the generating model, 16 to 32768. Default: 128.</summary>
    public int MaxTokens { get; set; } = 128;

    /// <summary>
    /// Paragraphs that a chunk repeats from the previous chunk, 0 or 1; only one of at most a quarter of <see cref="MaxTokens"/> is repeated.
    /// Default: 1.
    /// </summary>
    public int Overlap { get; set; } = 1;

    internal IEnumerable<string> Validate()
    {
        if (MaxTokens is < MinMaxTokens or > MaxMaxTokens)
            yield return $"MaxTokens is {MaxTokens}: set it to {MinMaxTokens} to {MaxMaxTokens} tokens.";
        if (Overlap is < 0 or > 1)
            yield return $"Overlap is {Overlap}: set it to 0 or 1 paragraphs.";
    }
}
