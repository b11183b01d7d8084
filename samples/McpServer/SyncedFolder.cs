using System.Diagnostics;
using Microsoft.Extensions.Logging;
using RedisInfer;

namespace McpServer;

/// <summary>Keeps the index of a folder up to date. Files that did not change since the last time cost next to nothing.</summary>
internal sealed partial class SyncedFolder(IRagIndex index, string folder, ILogger<SyncedFolder> logger) : IDisposable
{
    private static readonly TimeSpan FreshFor = TimeSpan.FromSeconds(5);

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long? _syncedAt;

    /// <summary>Indexes what has changed. The first time, that is the whole folder.</summary>
    public async Task BringUpToDateAsync(IProgress<IndexingProgress> progress, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_syncedAt is { } last && Stopwatch.GetElapsedTime(last) < FreshFor)
            {
                return;
            }

            await foreach (IndexedDocument document in index.SyncDirectoryAsync(folder, options: null, progress, cancellationToken))
            {
                if (document.Status is IndexingStatus.Skipped or IndexingStatus.Failed)
                {
                    LogLeftOut(document.Path, document.SkipReason);
                }
            }

            _syncedAt = Stopwatch.GetTimestamp();
        }
        finally
        {
            _gate.Release();
        }
    }

    public void Dispose() => _gate.Dispose();

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Path} is not searched: {Reason}")]
    private partial void LogLeftOut(string path, string? reason);
}
