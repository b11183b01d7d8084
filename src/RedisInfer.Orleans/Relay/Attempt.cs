namespace RedisInfer.Orleans.Relay;

/// <summary>One way to an answer.</summary>
/// <param name="Host">Name of the host, as far as it is known.</param>
/// <param name="IsLocal">Whether it is this host. Then its errors are final.</param>
/// <param name="IsMoved">Whether the context belongs to another host.</param>
/// <param name="Open">Starts the answer. An item without an update is a sign of life.</param>
internal sealed record Attempt(string Host, bool IsLocal, bool IsMoved, Func<CancellationToken, IAsyncEnumerable<AttemptStep>> Open);
