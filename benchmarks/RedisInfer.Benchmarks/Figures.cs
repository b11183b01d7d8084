using System.Globalization;
using System.Text.RegularExpressions;

namespace RedisInfer.Benchmarks;

/// <summary>The figures that a benchmark prints at its end.</summary>
internal sealed partial class Figures
{
    private readonly List<string> _lines = [];

    public void Add(string name, double value) =>
        _lines.Add(string.Create(CultureInfo.InvariantCulture, $"{name}={value:0.####}"));

    public void Print() => _lines.ForEach(Console.WriteLine);

    /// <summary>Reads the figures that a command has printed. A value that is not a number counts as not printed.</summary>
    public static IReadOnlyDictionary<string, double> Parse(IEnumerable<string> lines)
    {
        var figures = new Dictionary<string, double>();
        foreach (Match match in lines.Select(line => Line().Match(line)).Where(match => match.Success))
        {
            if (double.TryParse(match.Groups["value"].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && double.IsFinite(value))
            {
                figures[match.Groups["name"].Value] = value;
            }
        }

        return figures;
    }

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

    [GeneratedRegex(@"^(?<name>\w+)=(?<value>\S+)\s*$")]
    private static partial Regex Line();
}
