using System.Globalization;

namespace RedisInfer.Inference;

/// <summary>
/// Reads how much memory this process may use. The garbage collector reports a limit too, but a lower one if its heap has a limit. Weights
/// and KV cache are not on its heap.
/// </summary>
internal static class HostMemory
{
    private const string ControlGroups = "/sys/fs/cgroup";

    /// <summary>Memory of the machine in bytes, or the container's limit if that is lower.</summary>
    public static long ReadLimit()
    {
        long machine = ReadMachine() ?? GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        return Math.Min(machine, ReadContainerLimit(ControlGroups, "/proc/self/cgroup") ?? long.MaxValue);
    }

    /// <summary>Finds the lowest limit of the control groups that a process is in.</summary>
    /// <param name="root">Path at which the hierarchy is mounted.</param>
    /// <param name="membership">The file that lists the groups of the process.</param>
    /// <returns>Bytes; <see langword="null"/> if there is no limit.</returns>
    internal static long? ReadContainerLimit(string root, string membership)
    {
        if (!File.Exists(membership))
        {
            return null;
        }

        long? least = null;
        foreach (string line in File.ReadLines(membership))
        {
            string[] parts = line.Split(':', 3);
            bool second = parts is ["0", "", _];
            if (parts.Length < 3 || (!second && !parts[1].Split(',').Contains("memory")))
            {
                continue;
            }

            // In a container this may be the host's path, which does not exist inside. The root is then the container's group.
            string top = second ? root : Path.Combine(root, "memory");
            string file = second ? "memory.max" : "memory.limit_in_bytes";
            for (string? path = parts[2].Trim('/'); path is not null; path = path.Length == 0 ? null : Path.GetDirectoryName(path))
            {
                least = Least(least, Path.Combine(top, path, file));
            }
        }

        return least;
    }

    private static long? Least(long? least, string file) =>
        File.Exists(file) && long.TryParse(File.ReadAllText(file), NumberStyles.Integer, CultureInfo.InvariantCulture, out long limit)
            ? Math.Min(limit, least ?? long.MaxValue)
            : least;

    private static long? ReadMachine()
    {
        const string Field = "MemTotal:";
        string? line = File.Exists("/proc/meminfo") ? File.ReadLines("/proc/meminfo").FirstOrDefault(text => text.StartsWith(Field, StringComparison.Ordinal)) : null;
        return line?[Field.Length..].Replace("kB", "", StringComparison.Ordinal) is { } kilobytes
            && long.TryParse(kilobytes, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value)
            ? value * 1024
            : null;
    }
}
