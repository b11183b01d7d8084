namespace RedisInfer;

/// <summary>Tokens read and generated.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="CachedTokens">How many of them needed no prefill, their KV states being there already.</param>
/// <param name="GeneratedTokens">Tokens generated, the one that ends the text included.</param>
public sealed record RagUsage(int PromptTokens, int CachedTokens, int GeneratedTokens)
{
    /// <summary>
    /// Prompt tokens whose KV states were computed without the passages before them, for this answer or earlier: 0 unless passages are
    /// <see cref="Context.PassageReuse.Independent"/>.
    /// </summary>
    public int IndependentTokens { get; init; }
}
