using System.Globalization;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>A line of <c>CLUSTER NODES</c>: id, HOST:PORT@BUS, flags, primary, times, state, and ranges of slots.</summary>
internal sealed record ClusterConfigurationLine(int Port, bool IsFailing, IReadOnlyList<(int First, int Last)> Slots)
{
    private const int FirstSlotField = 8;

    public static ClusterConfigurationLine Parse(string line)
    {
        string[] fields = line.Split(' ');
        string port = fields[1].Split('@')[0].Split(':')[^1];
        return new ClusterConfigurationLine(
            int.Parse(port, CultureInfo.InvariantCulture),
            fields[2].Contains("fail", StringComparison.Ordinal),
            [.. fields.Skip(FirstSlotField).Where(field => field[0] != '[').Select(ParseRange)]);
    }

    public bool Serves(int slot) => !IsFailing && Slots.Any(range => slot >= range.First && slot <= range.Last);

    private static (int First, int Last) ParseRange(string field)
    {
        int[] numbers = [.. field.Split('-').Select(number => int.Parse(number, CultureInfo.InvariantCulture))];
        return (numbers[0], numbers[^1]);
    }
}
