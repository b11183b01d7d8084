namespace RedisInfer;

/// <summary>How attention states of a passage are made that serve wherever it stands in a prompt, whatever stands before it.</summary>
/// <param name="AfterHead">
/// Whether they are computed behind the beginning that all prompts share (system prompt and heading), or behind nothing.
/// </param>
/// <param name="RecomputedTokens">
/// First tokens of each passage that are computed in their place all the same, with attention to all before; 0 or more. As many as a
/// passage has make it exact.
/// </param>
public sealed record PassageSetting(bool AfterHead, int RecomputedTokens);
