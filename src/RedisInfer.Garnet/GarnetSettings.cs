using System.Globalization;
using System.Net.Sockets;
using System.Numerics;
using Garnet.server;
using Microsoft.Extensions.Logging;
using Tsavorite.core;

namespace RedisInfer.Garnet;

/// <summary>Garnet's settings for an embedded server. Each value that is not the default has its reason here.</summary>
internal static class GarnetSettings
{
    private const string PageSize = "4m";

    // At least twice the page size. Larger writes are split into several entries.
    private const string AofPageSize = "16m";
    private const string AofMemorySize = "64m";

    // Disk space of the append-only file is freed in units of a segment.
    private const string AofSegmentSize = "64m";

    // After a kill, the next start replays at most about this much, at about 1,000 vectors per second.
    private const string AofSizeLimit = "64m";

    // A page of the cache holds several values of 4 MiB. Otherwise they would be in a separate file, which does not shrink when they are
    // deleted.
    private const string CachePageSize = "32m";
    private const string LargestCachedValue = "8m";
    private const string CacheMemorySize = "128m";
    private const string CacheIndexSize = "1m";
    private const long CacheSegmentBytes = 64L << 20;

    // Values of this size are received into buffers that are reused. Otherwise each would leave three times its size to the garbage
    // collector.
    private const string CacheReceiveBufferSize = "16m";
    private const string CacheBufferPoolSize = "48m";

    // Checkpoint interval of the cache: what a killed process may lose. If nothing has changed, nothing is written.
    private const int CacheCheckpointSecs = 5;
    private const int CacheTrimSecs = 1;

    // Buffers of the append-only file and of the connections, and the cache server's memory.
    private const long BufferBytes = 320L << 20;

    public static GarnetServerOptions For(GarnetOptions options, string folder, string socketPath, ILoggerFactory loggers)
    {
        GarnetServerOptions settings = Common(folder, socketPath, loggers);
        settings.EnableVectorSetPreview = true;
        settings.LogMemorySize = options.MemoryBytes.ToString(CultureInfo.InvariantCulture);
        settings.PageSize = PageSize;
        settings.IndexMemorySize = IndexBytes(options.MemoryBytes).ToString(CultureInfo.InvariantCulture);
        if (options.InMemory)
            return settings;

        settings.EnableAOF = true;
        settings.AofMemorySize = AofMemorySize;
        settings.AofPageSize = AofPageSize;
        settings.AofSegmentSize = AofSegmentSize;
        settings.AofSizeLimit = AofSizeLimit;

        // Commit every write before it is answered: an acknowledged write survives a kill.
        settings.CommitFrequencyMs = 0;
        settings.WaitForCommit = true;

        settings.Recover = true;
        settings.FailOnRecoveryError = true;
        return settings;
    }

    /// <summary>
    /// A server that drops its oldest values when its disk space is used up. Garnet can drop only whole segments of its log. Therefore the
    /// cache is a separate server, not part of the one with the data.
    /// </summary>
    public static GarnetServerOptions ForCache(long cacheBytes, string folder, string socketPath, ILoggerFactory loggers)
    {
        GarnetServerOptions settings = Common(folder, socketPath, loggers);
        settings.LogMemorySize = CacheMemorySize;
        settings.PageSize = CachePageSize;
        settings.MaxInlineValueSize = LargestCachedValue;
        settings.IndexMemorySize = CacheIndexSize;
        settings.SegmentSize = CacheSegmentBytes.ToString(CultureInfo.InvariantCulture);
        settings.CompactionFrequencySecs = CacheTrimSecs;
        settings.CompactionType = LogCompactionType.Shift;
        settings.CompactionMaxSegments = (int)(cacheBytes / CacheSegmentBytes);
        settings.CompactionForceDelete = true;
        settings.NetworkReceiveBufferMaxSize = CacheReceiveBufferSize;
        settings.NetworkBufferPoolSize = CacheBufferPoolSize;

        // A checkpoint need not write again what is on disk already.
        settings.UseFoldOverCheckpoints = true;
        settings.CheckpointFrequencySecs = CacheCheckpointSecs;
        settings.Recover = true;
        settings.FailOnRecoveryError = true;
        return settings;
    }

    private static GarnetServerOptions Common(string folder, string socketPath, ILoggerFactory loggers) =>
        new(loggers.CreateLogger("Settings"))
        {
            // A socket in a private folder: no other user can connect, and no port must be chosen.
            EndPoints = [new UnixDomainSocketEndPoint(socketPath)],
            UnixSocketPath = socketPath,
            UnixSocketPermission = UnixFileMode.UserRead | UnixFileMode.UserWrite,

            // Otherwise Garnet prints a banner to the host's console.
            QuietMode = true,

            // A script in transaction mode that touches a vector set hangs the server. Other scripts are not atomic.
            EnableLua = false,
            MaxDatabases = 1,

            // The default device loads a native library, which ends the process in an application published for one platform.
            DeviceType = DeviceType.RandomAccess,

            BufferPoolMemoryBudget = "64m",

            // Without a storage tier, the oldest keys are silently dropped once the memory is full.
            EnableStorageTier = true,
            LogDir = Path.Combine(folder, "log"),
            CheckpointDir = Path.Combine(folder, "checkpoint"),
        };
    /// <summary>Most memory that a server with these options uses, in bytes.</summary>
    public static long MemoryBytes(GarnetOptions options) => options.MemoryBytes + IndexBytes(options.MemoryBytes) + BufferBytes;

    // An entry takes 8 bytes per key. 16 MiB for 1 GiB of data are enough for records of about 500 bytes. Checkpoints write the whole
    // index.
    private static long IndexBytes(long memoryBytes) => (long)BitOperations.RoundUpToPowerOf2((ulong)memoryBytes / 64);
}
