using System.Diagnostics;
using System.Globalization;

namespace RedisInfer.Benchmarks;

/// <summary>Describes the machine that the figures come from.</summary>
internal static class Machine
{
    private const double Idle = 0.1;

    /// <summary>Prints what the machine is, and whether other processes use its CPUs.</summary>
    public static async Task DescribeAsync(CancellationToken cancellationToken)
    {
        Console.WriteLine($"machine: {GetDescription()}");
        if (await ReadBusyShareAsync(TimeSpan.FromSeconds(2), cancellationToken) is { } busy)
        {
            Console.WriteLine(busy > Idle
                ? string.Create(CultureInfo.InvariantCulture, $"the machine is NOT idle: other processes use {busy:P0} of its CPUs")
                : "the machine is idle");
        }
    }

    /// <summary>CPUs and runtime, in one line.</summary>
    public static string GetDescription()
    {
        string? model = File.Exists("/proc/cpuinfo")
            ? File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal))?.Split(':', 2)[1].Trim()
            : null;
        return $"{Environment.ProcessorCount} CPUs, {model ?? "unknown"}, .NET {Environment.Version}";
    }

    /// <summary>The share of all CPUs that is in use, while this process waits.</summary>
    private static async Task<double?> ReadBusyShareAsync(TimeSpan time, CancellationToken cancellationToken)
    {
        if (!File.Exists("/proc/stat"))
        {
            return null;
        }

        TimeSpan ownBefore = Process.GetCurrentProcess().TotalProcessorTime;
        (long busyBefore, long allBefore) = Read();
        await Task.Delay(time, cancellationToken);
        (long busy, long all) = Read();
        double own = (Process.GetCurrentProcess().TotalProcessorTime - ownBefore) / (time * Environment.ProcessorCount);
        return Math.Max(0, ((double)(busy - busyBefore) / Math.Max(1, all - allBefore)) - own);

        static (long Busy, long All) Read()
        {
            // The fields are: user nice system idle iowait ...
            long[] ticks = [.. File.ReadLines("/proc/stat").First().Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1)
                .Select(text => long.Parse(text, CultureInfo.InvariantCulture))];
            long sum = ticks.Sum();
            return (sum - ticks[3] - ticks[4], sum);
        }
    }
}
