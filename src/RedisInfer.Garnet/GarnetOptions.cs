using System.Globalization;

namespace RedisInfer.Garnet;

/// <summary>Where the embedded server stores its data, and how much memory it may use. Set exactly one place.</summary>
public sealed class GarnetOptions
{
    /// <summary>Smallest <see cref="MemoryBytes"/>: 64 MiB.</summary>
    public const long LeastMemoryBytes = 64L << 20;

    /// <summary>Smallest <see cref="CacheBytes"/>: 256 MiB.</summary>
    public const long LeastCacheBytes = 256L << 20;

    /// <summary>
    /// Folder of the data. If it does not exist, it is created; on Unix, for the user of the process only. An existing one must be empty or
    /// come from an earlier run. One process at a time can use it. When a command is answered, its data is on disk and survives any end of
    /// the process. Default: <see langword="null"/>.
    /// </summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// Keeps the data only until the process ends. Data that does not fit into <see cref="MemoryBytes"/> goes to a temporary folder,
    /// because it would be lost otherwise. The folder is deleted when the server stops. Default: <see langword="false"/>.
    /// </summary>
    public bool InMemory { get; set; }

    /// <summary>
    /// Memory for data, in bytes; at least <see cref="LeastMemoryBytes"/>. Default: 1 GiB. It is allocated as data is written. Beyond it,
    /// the oldest data is read from disk. Nothing is lost, but adding and searching vectors becomes many times slower.
    /// </summary>
    public long MemoryBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Disk space for KV blocks, in bytes, in addition to the data; at least <see cref="LeastCacheBytes"/>. Default: 2 GiB. If it is full,
    /// the oldest KV blocks are evicted. Used only if KV blocks are stored, together with about 200 MiB of memory.
    /// </summary>
    public long CacheBytes { get; set; } = 2L << 30;

    /// <summary>Finds all problems with the options.</summary>
    /// <returns>One sentence per problem; empty if the options are valid.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (string.IsNullOrWhiteSpace(DataDirectory) && !InMemory)
        {
            problems.Add("The place of the data is not set: set DataDirectory to a folder, or InMemory to true to keep the data only "
                + "until the process ends.");
        }
        else if (!string.IsNullOrWhiteSpace(DataDirectory) && InMemory)
        {
            problems.Add("DataDirectory and InMemory contradict each other: set only one of them.");
        }

        if (MemoryBytes < LeastMemoryBytes)
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"MemoryBytes is {MemoryBytes}: set it to at least {LeastMemoryBytes} (64 MiB)."));
        }

        if (CacheBytes < LeastCacheBytes)
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"CacheBytes is {CacheBytes}: set it to at least {LeastCacheBytes} (256 MiB)."));
        }

        return problems;
    }

    internal GarnetOptions Copy() => (GarnetOptions)MemberwiseClone();
}
