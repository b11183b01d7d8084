namespace RedisInfer.Benchmarks.Check;

/// <summary>Measures the headline figures one command after the other, and compares them with their bounds.</summary>
/// <param name="all">All measurements of the file.</param>
/// <param name="only">Names of the commands to run; empty: all.</param>
/// <param name="recordTries">Runs of each command to record the figures of; null: compare only.</param>
internal sealed class CheckRun(IReadOnlyList<Measurement> all, IReadOnlySet<string> only, int? recordTries)
{
    // The second and third try are for a machine that was busy during the first.
    private const int MaxTries = 3;

    private readonly Measurement[] _measurements = [.. all];
    private readonly List<string> _worse = [];

    /// <returns>The exit status: 1 if a figure is worse, else 0.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        for (int i = 0; i < _measurements.Length; i++)
        {
            if (only.Count > 0 && !only.Contains(_measurements[i].GetName()))
            {
                continue;
            }

            List<TryResult> tries = await MeasureAsync(_measurements[i], cancellationToken);
            Report(_measurements[i], tries);
            if (recordTries is not null)
            {
                _measurements[i] = Record(_measurements[i], tries);
                await FiguresFile.WriteAsync(_measurements, cancellationToken);
            }
        }

        Console.WriteLine($"worse={_worse.Count}");
        _worse.ForEach(Console.WriteLine);
        return _worse.Count > 0 ? 1 : 0;
    }

    private async Task<List<TryResult>> MeasureAsync(Measurement measurement, CancellationToken cancellationToken)
    {
        Console.WriteLine(measurement.Command);
        var tries = new List<TryResult>();
        while (true)
        {
            TryResult result = await CommandProcess.RunAsync(measurement.Command, cancellationToken);
            tries.Add(result);
            if (result.ExitStatus != 0)
            {
                Console.WriteLine($"{result.LastLines}\n  exit status {result.ExitStatus}".TrimStart('\n'));
            }

            Comparison[] again = [.. Compare(measurement, tries).Where(one => one.DeservesAnotherTry)];
            if (tries.Count >= (recordTries ?? MaxTries) || (recordTries is null && again.Length == 0))
            {
                return tries;
            }

            Array.ForEach(again, one => Console.WriteLine($"{one.ToLine()}   worse in try {tries.Count}, measured again"));
        }
    }

    private void Report(Measurement measurement, List<TryResult> tries)
    {
        foreach (Comparison one in Compare(measurement, tries))
        {
            Console.WriteLine(one.ToLine());
        }

        _worse.AddRange(Compare(measurement, tries)
            .Append(Comparison.OfExitStatus(tries))
            .Where(one => one.IsWorse)
            .Select(one => one.ToWorseLine(measurement.GetName())));
    }

    /// <summary>The measurement with new values, or as it was if a try failed or a figure is missing.</summary>
    private static Measurement Record(Measurement measurement, List<TryResult> tries)
    {
        Comparison[] compared = [.. Compare(measurement, tries)];
        if (tries.Exists(one => one.ExitStatus != 0) || compared.Any(one => one.Tries.Contains(null)))
        {
            Console.WriteLine("  not recorded: a try failed or did not print every figure");
            return measurement;
        }

        return measurement with
        {
            Date = DateOnly.FromDateTime(TimeProvider.System.GetLocalNow().Date),
            Machine = Machine.GetDescription(),
            Figures = [.. compared.Select(one => one.ToRecord())],
        };
    }

    private static IEnumerable<Comparison> Compare(Measurement measurement, IEnumerable<TryResult> tries) =>
        measurement.Figures.Select(figure => Comparison.Of(figure, tries));
}
