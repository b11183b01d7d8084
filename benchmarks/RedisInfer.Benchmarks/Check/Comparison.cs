using System.Globalization;

namespace RedisInfer.Benchmarks.Check;

/// <summary>A recorded figure against the values that the tries of its command printed.</summary>
/// <param name="Figure">The recorded figure.</param>
/// <param name="Tries">The value of each try; null if the try did not print the figure.</param>
internal sealed record Comparison(RecordedFigure Figure, IReadOnlyList<double?> Tries)
{
    public static Comparison Of(RecordedFigure figure, IEnumerable<TryResult> tries) =>
        new(figure, [.. tries.Select(one => one.Figures.TryGetValue(figure.Name, out double value) ? value : (double?)null)]);

    /// <summary>The exit status of a command, as a figure: exact, and 0 if all is well.</summary>
    public static Comparison OfExitStatus(IEnumerable<TryResult> tries) =>
        new(
            new RecordedFigure("exit_status", Better.Lower, Bound: 0, Value: 0, Noise: 0, Exact: true),
            [.. tries.Select(one => (double?)Math.Abs((double)one.ExitStatus))]);

    /// <summary>
    /// The value that counts; null if it was not printed. The best of all tries, or the worst if the figure is exact: a leak in one of three
    /// tries is a leak.
    /// </summary>
    public double? Value =>
        Figure.Exact && Tries.Contains(null) ? null : (Figure.Better == Better.Higher) == Figure.Exact ? Tries.Min() : Tries.Max();

    public bool IsWorse => Value is not { } value || (Figure.Better == Better.Higher ? value < Figure.Bound : value > Figure.Bound);

    /// <summary>Whether another try may show that only the machine was busy.</summary>
    public bool DeservesAnotherTry => IsWorse && !Figure.Exact;

    /// <summary>The figure with the median of all tries and, if there are several, their noise. All tries must have printed it.</summary>
    public RecordedFigure ToRecord()
    {
        double[] values = [.. Tries.Select(value => value!.Value)];
        double median = Benchmarks.Figures.Median(values);
        return Figure with { Value = Math.Round(median, 4), Noise = values.Length > 1 ? GetNoise(values, median) : Figure.Noise };
    }

    /// <summary>The figure as a line of the report.</summary>
    public string ToLine() => $"  {Figure.Name,-36} {ToText(Value),11}   bound {ToText(Figure.Bound),-8} recorded {ToText(Figure.Value)}";

    /// <summary>The figure as a line below <c>worse=N</c>.</summary>
    public string ToWorseLine(string command) =>
        $"worse: {command} {Figure.Name}={ToText(Value)} bound={ToText(Figure.Bound)} recorded={ToText(Figure.Value)}"
        + $" (better: {(Figure.Better == Better.Higher ? "higher" : "lower")})";

    private static double GetNoise(double[] values, double median)
    {
        double spread = values.Max() - values.Min();
        return spread == 0 ? 0 : median == 0 ? 1 : Math.Round(spread / Math.Abs(median), 4);
    }

    private static string ToText(double? value) => value?.ToString("0.####", CultureInfo.InvariantCulture) ?? "not printed";
}
