namespace RedisInfer.Orleans;

/// <summary>How the hosts of a cluster share questions.</summary>
public sealed class OrleansRoutingOptions
{
    /// <summary>
    /// How long a host may give no sign of life before a question is asked elsewhere, 1 second to 10 minutes. A host that works gives one twice a
    /// second. Default: 5 seconds.
    /// </summary>
    public TimeSpan SilenceTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// How much more than its share of all requests a host may have before its contexts spread to other hosts, 1 to 10. A host that has free
    /// slots always takes more. Default: 1.25.
    /// </summary>
    public double LoadFactor { get; set; } = 1.25;

    /// <summary>How often a host tells the others its load, 50 milliseconds to 10 seconds. Default: 250 milliseconds.</summary>
    public TimeSpan ReportInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Finds all problems with the options.</summary>
    /// <returns>One sentence per problem; empty if the options are valid.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (SilenceTimeout < TimeSpan.FromSeconds(1) || SilenceTimeout > TimeSpan.FromMinutes(10))
        {
            problems.Add($"SilenceTimeout is {SilenceTimeout}: set it to 1 second to 10 minutes.");
        }

        if (LoadFactor is not (>= 1 and <= 10))
        {
            problems.Add(FormattableString.Invariant($"LoadFactor is {LoadFactor}: set it to 1 to 10."));
        }

        if (ReportInterval < TimeSpan.FromMilliseconds(50) || ReportInterval > TimeSpan.FromSeconds(10))
        {
            problems.Add($"ReportInterval is {ReportInterval}: set it to 50 milliseconds to 10 seconds.");
        }

        return problems;
    }
}
