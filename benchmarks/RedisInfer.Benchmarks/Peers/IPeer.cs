namespace RedisInfer.Benchmarks.Peers;

/// <summary>A way to answer a question over a document, with a loaded model.</summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>Answers the question of one caller.</summary>
    Task<PeerAnswer> AskAsync(int caller, int outputTokens, CancellationToken cancellationToken);

    /// <summary>Answers the questions of several callers at once.</summary>
    /// <returns>Tokens generated in all.</returns>
    Task<int> AskAllAsync(IReadOnlyList<int> callers, int outputTokens, CancellationToken cancellationToken);
}
