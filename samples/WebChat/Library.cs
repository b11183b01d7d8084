using RedisInfer;
using RedisInfer.Errors;
using Samples.Common;

namespace WebChat;

/// <summary>Keeps the index equal to the folder and to the files that were dropped, and tells how far it is.</summary>
internal sealed partial class Library(RagRuntime runtime, ServerOptions options, DroppedFiles dropped, ILogger<Library> logger) : BackgroundService
{
    private const string DroppedPrefix = "dropped";
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    private readonly SemaphoreSlim _changed = new(0);
    private readonly string _prefix = Path.GetFileName(options.Docs) is { Length: > 0 } and not DroppedPrefix and var name ? name : "documents";
    private readonly Lock _gate = new();
    private readonly Dictionary<string, string> _leftOut = new(StringComparer.Ordinal);
    private IndexingProgress? _progress;
    private string? _problem;

    /// <summary>Indexes what has changed, soon.</summary>
    public void Refresh() => _changed.Release();

    /// <summary>What the page shows above the conversation.</summary>
    public async Task<LibraryStatus> ReadStatusAsync(CancellationToken cancellationToken)
    {
        IndexingProgress? progress = _progress;
        string? problem = _problem;
        var count = new IndexCount(0, 0, 0);
        try
        {
            count = await runtime.Index.CountAsync(cancellationToken);
        }
        catch (RedisInferException exception)
        {
            problem = exception.Message;
        }

        lock (_gate)
        {
            return new LibraryStatus(
                _prefix,
                Path.GetFileName(options.ModelPath),
                count.Documents,
                count.Chunks,
                progress is null ? null : new IndexingState(progress.FilesDone, progress.FilesTotal, progress.CurrentPath),
                [.. _leftOut.Select(one => new LeftOutFile(one.Key, one.Value))],
                problem);
        }
    }

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            try
            {
                await SyncAsync(options.Docs, _prefix, stoppingToken);
                if (Directory.EnumerateFiles(dropped.Folder).Any())
                {
                    await SyncAsync(dropped.Folder, DroppedPrefix, stoppingToken);
                }

                _problem = null;
            }
            catch (RedisInferException exception)
            {
                LogProblem(exception, exception.Message);
                _problem = exception.Message;
            }

            _progress = null;
            await _changed.WaitAsync(Interval, stoppingToken);
        }
    }

    private async Task SyncAsync(string folder, string prefix, CancellationToken cancellationToken)
    {
        var progress = new Reporter<IndexingProgress>(value => _progress = value);
        await foreach (IndexedDocument document in runtime.Index.SyncDirectoryAsync(folder, prefix, options: null, progress, cancellationToken))
        {
            lock (_gate)
            {
                _leftOut.Remove(document.Path);
                if (document.Status is IndexingStatus.Skipped or IndexingStatus.Failed)
                {
                    _leftOut[document.Path] = document.SkipReason ?? "it could not be read";
                }
            }
        }
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The documents could not be indexed: {Problem}")]
    private partial void LogProblem(Exception exception, string problem);
}
