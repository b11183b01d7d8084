using System.Globalization;

namespace RedisInfer.Llama;

/// <summary>The CPUs that this process may run on.</summary>
internal static class ProcessCpus
{
    private const string Field = "Cpus_allowed_list:";

    /// <summary>Chooses the CPUs to pin threads to.</summary>
    /// <returns>
    /// The last CPUs, because systems do their own work on the first. None if the process has a share of the CPUs and no CPUs of its own:
    /// all processes of such a machine would choose the same.
    /// </returns>
    internal static IReadOnlyList<int> Choose(int threads)
    {
        IReadOnlyList<int> cpus = Read();
        return cpus.Count == Environment.ProcessorCount ? [.. cpus.TakeLast(threads)] : [];
    }

    /// <summary>Reads the numbers of the CPUs, ascending; empty if the system does not report them.</summary>
    private static IReadOnlyList<int> Read()
    {
        const string Status = "/proc/self/status";
        if (File.Exists(Status))
        {
            string? line = File.ReadLines(Status).FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal));
            return line is null ? [] : Parse(line[Field.Length..]);
        }

        // Windows numbers CPUs in groups of 64, and a process starts in one of them.
        return OperatingSystem.IsWindows() ? [.. Enumerable.Range(0, Math.Min(64, Environment.ProcessorCount))] : [];
    }

    /// <summary>Parses a list such as <c>0-3,8,10-11</c>.</summary>
    internal static IReadOnlyList<int> Parse(string list)
    {
        List<int> cpus = [];
        foreach (string range in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            string[] ends = range.Split('-');
            int first = int.Parse(ends[0], CultureInfo.InvariantCulture);
            int last = int.Parse(ends[^1], CultureInfo.InvariantCulture);
            cpus.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return cpus;
    }
}
