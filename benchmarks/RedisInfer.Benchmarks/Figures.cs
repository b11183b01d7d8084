using System.Globalization;

namespace RedisInfer.Benchmarks;

/// <summary>The figures that a benchmark prints at its end.</summary>
internal sealed class Figures
{
    private readonly List<string> _lines = [];

    public void Add(string name, double value) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={value:0.####}"));

    public void Print() => _lines.ForEach(Console.WriteLine);

    public static double Percentile(IEnumerable<double> values, double share)
    {
        double[] sorted = [.. values.Order()];
        return sorted[(int)(share * (sorted.Length - 1))];
    }

    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return (sorted[(sorted.Length - 1) / 2] + sorted[sorted.Length / 2]) / 2;
    }
}
