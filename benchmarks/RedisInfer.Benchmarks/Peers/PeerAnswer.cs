namespace RedisInfer.Benchmarks.Peers;

/// <summary>An answer of one side.</summary>
/// <param name="FirstToken">Seconds from the question to the first token.</param>
/// <param name="Whole">Seconds from the question to the end.</param>
/// <param name="Tokens">Number of tokens.</param>
internal sealed record PeerAnswer(double FirstToken, double Whole, int Tokens);
