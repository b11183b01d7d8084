using System.Globalization;
using System.Net.Sockets;
using System.Numerics;
using Garnet.server;
using Microsoft.Extensions.Logging;
using Tsavorite.core;

namespace RedisInfer.Garnet;

/// <summary>Garnet's own settings for an embedded server, with the reason of each that is not the default.</summary>
internal static class GarnetSettings
{
    private const string PageSize = "4m";

    // At least twice the page size; larger writes are cut into several entries.
    private const string AofPageSize = "16m";
    private const string AofMemorySize = "64m";

    // Disk space of the append-only file is given back by the segment.
    private const string AofSegmentSize = "64m";

    // A server that was killed replays at most about this much at its next start, some 1,000 vectors a second.
    private const string AofSizeLimit = "64m";

    // Pages of the cache hold several values of 4 MiB, which then need no file of their own that deleting them would not shrink.
    private const string CachePageSize = "32m";
    private const string LargestCachedValue = "8m";
    private const string CacheMemorySize = "128m";
    private const string CacheIndexSize = "1m";
    private const long CacheSegmentBytes = 64L << 20;

    // Values that large are received into buffers that are kept for the next one, instead of leaving the collector three times their size.
    private const string CacheReceiveBufferSize = "16m";
    private const string CacheBufferPoolSize = "48m";

    // What a killed process may lose of the cache; nothing is written where nothing has changed.
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

        // Commit at every write, and answer when that is done: what was acknowledged survives a kill.
        settings.CommitFrequencyMs = 0;
        settings.WaitForCommit = true;

        settings.Recover = true;
        settings.FailOnRecoveryError = true;
        return settings;
    }

    /// <summary>
    /// A server whose oldest values vanish when its disk space is used up, which Garnet does for whole segments of its log only: hence one
    /// beside the data, and not in it.
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

        // What is on disk already need not be written again for a checkpoint.
        settings.UseFoldOverCheckpoints = true;
        settings.CheckpointFrequencySecs = CacheCheckpointSecs;
        settings.Recover = true;
        settings.FailOnRecoveryError = true;
        return settings;
    }

    private static GarnetServerOptions Common(string folder, string socketPath, ILoggerFactory loggers) =>
        new(loggers.CreateLogger("Settings"))
        {
            // A socket in a private folder: nobody else can connect, and there is no port to choose.
            EndPoints = [new UnixDomainSocketEndPoint(socketPath)],
            UnixSocketPath = socketPath,
            UnixSocketPermission = UnixFileMode.UserRead | UnixFileMode.UserWrite,

            // Otherwise it prints a banner to the host's console.
            QuietMode = true,

            // A script in transaction mode that touches a vector set hangs the server, and other scripts aren't atomic.
            EnableLua = false,
            MaxDatabases = 1,

            // The default device needs a native library whose loading ends the process in an application published for one platform.
            DeviceType = DeviceType.RandomAccess,

            BufferPoolMemoryBudget = "64m",

            // Without a storage tier the oldest keys vanish silently once the memory is full.
            EnableStorageTier = true,
            LogDir = Path.Combine(folder, "log"),
            CheckpointDir = Path.Combine(folder, "checkpoint"),
        };
    /// <summary>Memory that a server with these options may come to take.</summary>
    public static long MemoryBytes(GarnetOptions options) => options.MemoryBytes + IndexBytes(options.MemoryBytes) + BufferBytes;

    // Eight bytes find a key; 16 MiB for 1 GiB of data allow for records of some 500 bytes. Checkpoints write it as a whole.
    private static long IndexBytes(long memoryBytes) => (long)BitOperations.RoundUpToPowerOf2((ulong)memoryBytes / 64);
}
