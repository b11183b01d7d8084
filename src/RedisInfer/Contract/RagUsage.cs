namespace RedisInfer;

/// <summary>Token counts of a request.</summary>
public sealed class RagUsage
{
    /// <summary>Tokens of the prompt.</summary>
    public int PromptTokens { get; init; }

    /// <summary>Prompt tokens that needed no prefill, because their KV states were cached.</summary>
    public int CachedTokens { get; init; }

    /// <summary>Generated tokens, including the one that ended the answer.</summary>
    public int GeneratedTokens { get; init; }

    /// <summary>Generated tokens that are thoughts of a reasoning model or marks around them.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>
    /// Tokens that were proposed from prompt and answer, and computed before they were chosen. Those that were then not chosen are not in
    /// the answer. See <see cref="EngineOptions.DraftTokens"/>.
    /// </summary>
    public int ProposedTokens { get; init; }

    /// <summary>Generated tokens that were proposed, so that no step was spent on them.</summary>
    public int AcceptedTokens { get; init; }

    /// <summary>
    /// Prompt tokens whose KV states were computed without the passages before them, for this request or an earlier one. 0 unless
    /// <see cref="PassageReuse.Independent"/> is used.
    /// </summary>
    public int IndependentTokens { get; init; }
}
