namespace RedisInfer;

/// <summary>Indexing waits for the store or the embedding service, which is not available.</summary>
/// <param name="Attempt">Number of the next attempt of the call that failed, from 1 for its first repetition.</param>
/// <param name="MaxAttempts">Most repetitions. If the last one fails too, the run ends with the error.</param>
/// <param name="Wait">Time until the next attempt. It doubles from attempt to attempt.</param>
/// <param name="Problem">What is wrong, and what to do.</param>
public sealed record IndexingRetry(int Attempt, int MaxAttempts, TimeSpan Wait, string Problem);
