namespace RedisInfer.Benchmarks.Chaos;

/// <summary>The servers of the corpus, and what can be done to them. One fault at a time.</summary>
internal interface IChaosServers : IAsyncDisposable
{
    /// <summary>The StackExchange.Redis configuration of all processes.</summary>
    string Configuration { get; }

    /// <summary>The faults that these servers can have, besides those of the processes.</summary>
    IReadOnlyList<FaultKind> Faults { get; }

    /// <summary>Causes a fault, and ends it.</summary>
    /// <param name="kind">One of <see cref="Faults"/>.</param>
    /// <param name="random">Chooses moments.</param>
    /// <param name="cut">Duration of a cut, and most of a full memory's.</param>
    /// <param name="cancellationToken">Cancels.</param>
    Task<ServerFault> BreakAsync(FaultKind kind, Random random, TimeSpan cut, CancellationToken cancellationToken);
}
