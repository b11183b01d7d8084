using System.Globalization;

namespace RedisInfer.Garnet;

/// <summary>Where the embedded server keeps its data, and how much memory it may use. Exactly one place must be chosen.</summary>
public sealed class GarnetOptions
{
    /// <summary>The least <see cref="MemoryBytes"/>: 64 MiB.</summary>
    public const long LeastMemoryBytes = 64L << 20;

    /// <summary>The least <see cref="CacheBytes"/>: 256 MiB.</summary>
    public const long LeastCacheBytes = 256L << 20;

    /// <summary>
    /// The folder that keeps the data. Made if absent; otherwise empty, or made by an earlier run. One process at a time can use
    /// it. What a command has answered is on disk by then, and survives the end of the process however it comes.
    /// </summary>
    public string? DataDirectory { get; set; }

    /// <summary>
    /// Keeps the data for the life of the process only. What does not fit <see cref="MemoryBytes"/> goes to a temporary folder
    /// that is deleted with the server, because it would be lost otherwise.
    /// </summary>
    public bool InMemory { get; set; }

    /// <summary>
    /// Memory for data, in bytes; at least <see cref="LeastMemoryBytes"/>, by default 1 GiB. Memory is taken as data comes. Beyond
    /// it the oldest data is read from disk: nothing is lost, but adding and searching vectors becomes many times slower.
    /// </summary>
    public long MemoryBytes { get; set; } = 1L << 30;

    /// <summary>
    /// Disk space for attention states of prompts, in bytes, beside the data; at least <see cref="LeastCacheBytes"/>, by default 2 GiB. The
    /// oldest go when it is used up. Taken only where such states are stored, together with some 200 MiB of memory.
    /// </summary>
    public long CacheBytes { get; set; } = 2L << 30;

    /// <summary>Finds everything that is wrong with the options.</summary>
    /// <returns>One sentence per problem; empty where there is none.</returns>
    public IReadOnlyList<string> Validate()
    {
        List<string> problems = [];
        if (string.IsNullOrWhiteSpace(DataDirectory) && !InMemory)
        {
            problems.Add("Choose where the embedded Garnet keeps its data: set DataDirectory to a folder, or InMemory to true to lose "
                + "it at the end of the process.");
        }
        else if (!string.IsNullOrWhiteSpace(DataDirectory) && InMemory)
        {
            problems.Add("DataDirectory and InMemory contradict each other: set one of them.");
        }

        if (MemoryBytes < LeastMemoryBytes)
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"MemoryBytes is {MemoryBytes}: give at least {LeastMemoryBytes} (64 MiB)."));
        }

        if (CacheBytes < LeastCacheBytes)
        {
            problems.Add(string.Create(
                CultureInfo.InvariantCulture, $"CacheBytes is {CacheBytes}: give at least {LeastCacheBytes} (256 MiB)."));
        }

        return problems;
    }

    internal GarnetOptions Copy() => (GarnetOptions)MemberwiseClone();
}
