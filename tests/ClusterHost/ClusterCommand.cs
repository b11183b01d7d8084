namespace RedisInfer.Tests.ClusterHost;

/// <summary>A line that a host reads from its standard input.</summary>
/// <param name="Id">Tells its replies from others.</param>
/// <param name="Kind">What to do.</param>
public sealed record ClusterCommand(int Id, ClusterCommandKind Kind)
{
    /// <summary>What to ask.</summary>
    public string Question { get; init; } = "";

    public SamplingOptions? Sampling { get; init; }

    public int? MaxOutputTokens { get; init; }

    /// <summary>The command that is canceled.</summary>
    public int Cancels { get; init; }

    /// <summary>What to index: paths and texts.</summary>
    public IReadOnlyDictionary<string, string> Documents { get; init; } = new Dictionary<string, string>();
}
