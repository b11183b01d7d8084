using RedisInfer.Tests.ClusterHost;

namespace RedisInfer.Benchmarks.Hosts;

/// <summary>What is measured of a set of answers.</summary>
/// <param name="First">The first answer to each question, for which no host had its context.</param>
/// <param name="Answers">The answers after that.</param>
internal sealed record HostsResult(IReadOnlyList<ClusterReply> First, IReadOnlyList<ClusterReply> Answers)
{
    private const string Memory = "memory", Stored = "Redis", Computed = "computed";

    // The tokens before the passages are in the memory of every host; so the fewest tokens that any question found there are theirs.
    private readonly int _head = First.Select(InMemory).Where(tokens => tokens > 0).DefaultIfEmpty(0).Min();

    /// <summary>Share of the passages' tokens whose KV states were in the memory of the host that answered, 0 to 1.</summary>
    public double ContextHits => Answers.Sum(HitsOf) / Answers.Sum(answer => (double)answer.PassageTokens);

    public double MeanFirstToken => Answers.Average(FirstToken);

    public double RouteOf50 => Figures.Median(Answers.Where(answer => answer.Route is { IsLocal: false }).Select(answer => answer.Timings!.Route.TotalMilliseconds));

    public string Describe(string name)
    {
        var bySource = Answers.ToLookup(answer => answer.RestoredTokens > 0 ? Stored : HitsOf(answer) < answer.PassageTokens ? Computed : Memory, FirstToken);
        return $"{name,-8} {ContextHits,8:0.00} {MeanFirstToken,8:0} {Figures.Percentile(Answers.Select(FirstToken), .95),6:0} "
            + string.Join(' ', new[] { Memory, Stored, Computed }.Select(source =>
                $"{bySource[source].Count(),9} {bySource[source].DefaultIfEmpty().Average(),6:0}"));
    }

    private static double FirstToken(ClusterReply answer) => answer.Timings!.FirstToken.TotalMilliseconds;

    private static int InMemory(ClusterReply answer) => answer.Usage!.CachedTokens - answer.RestoredTokens;

    private double HitsOf(ClusterReply answer) => Math.Clamp(InMemory(answer) - _head, 0, answer.PassageTokens);
}
