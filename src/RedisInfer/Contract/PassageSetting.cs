namespace RedisInfer;

/// <summary>How the KV state of a passage is computed if it is to be reused at any position of any prompt.</summary>
/// <param name="AfterHead">
/// Whether it is computed after the system prefix that all prompts share (system prompt and heading). Otherwise it is computed after
/// nothing.
/// </param>
/// <param name="RecomputedTokens">
/// First tokens of each passage that are computed again in place, with attention to all tokens before them; 0 or more. The result is exact
/// if that covers the whole passage.
/// </param>
public sealed record PassageSetting(bool AfterHead, int RecomputedTokens);
