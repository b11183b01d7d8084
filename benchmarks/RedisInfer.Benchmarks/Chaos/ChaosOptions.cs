using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>Size of a run.</summary>
/// <param name="Minutes">Most minutes; every fault occurs once even if that takes longer.</param>
/// <param name="Kills">The run ends after this many kills, if the time is not over before.</param>
/// <param name="Redis">The servers: <c>8</c>, <c>7</c>, <c>valkey</c> or <c>cluster</c>.</param>
/// <param name="Seed">Chooses faults, moments, changes and questions.</param>
internal sealed record ChaosOptions(double Minutes, int Kills, string Redis, int Seed)
{
    // A host waits some 30 s for its server. A run of a few minutes has no time for that.
    private const double MinutesOfALongRun = 5;

    private const double MinutesOfAShortRun = 2;

    // Longer than the client's time-out of 5 s in any case.
    private static readonly TimeSpan LongCut = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ShortCut = TimeSpan.FromSeconds(7);

    /// <summary>Whether there is no time to wait until the signs of life of killed indexers expire. They are deleted then.</summary>
    public bool ForgetsWriters => Minutes < MinutesOfAShortRun;

    /// <summary>The program of the servers.</summary>
    public RedisVersion Version => Redis switch { "7" => RedisVersion.V7, "valkey" => RedisVersion.Valkey, _ => RedisVersion.V8 };

    public TimeSpan Cut => Minutes >= MinutesOfALongRun ? LongCut : ShortCut;

    public static IReadOnlyList<string> RedisKinds => ["8", "7", "valkey", "cluster"];
}
