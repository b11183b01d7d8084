namespace RedisInfer;

/// <summary>Tokens of a request.</summary>
public sealed class RagUsage
{
    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Prompt tokens that needed no prefill, because their KV states were cached.</summary>
    public int CachedTokens { get; init; }

    /// <summary>Tokens generated, including the one that ended the text.</summary>
    public int GeneratedTokens { get; init; }

    /// <summary>
    /// Prompt tokens whose KV states were computed without the passages before them, for this answer or an earlier one. 0 unless passages
    /// are <see cref="PassageReuse.Independent"/>.
    /// </summary>
    public int IndependentTokens { get; init; }
}
