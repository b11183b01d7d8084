namespace RedisInfer.Benchmarks.Peers;

/// <summary>A side of the comparison. Its model is loaded.</summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>Answers questions, from callers in a closed loop.</summary>
    /// <param name="first">Number of the first question.</param>
    /// <param name="count">Number of questions.</param>
    /// <param name="callers">Number of callers.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>The answers in the order of the questions.</returns>
    Task<IReadOnlyList<PeerAnswer>> AskAsync(int first, int count, int callers, CancellationToken cancellationToken);
}
