namespace RedisInfer.Benchmarks.Peers;

/// <summary>What one answer took.</summary>
/// <param name="PromptTokens">Tokens of the prompt.</param>
/// <param name="FirstToken">Time to the first token, in milliseconds.</param>
/// <param name="DecodeRate">Tokens per second after the first one.</param>
internal sealed record PeerAnswer(int PromptTokens, double FirstToken, double DecodeRate);
