using RedisInfer.Folders;

namespace RedisInfer.Indexing;

/// <summary>
/// Counts indexed files of a folder, estimates the remaining time, and reports both. Thread-safe: a document that waits for the store
/// reports while others are processed.
/// </summary>
/// <param name="scan">What is to be indexed.</param>
/// <param name="progress">Receives one report after another; <see langword="null"/>: no reports.</param>
/// <param name="time">The clock.</param>
internal sealed class IndexingPace(FileTreeScan scan, IProgress<IndexingProgress>? progress, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private readonly Lock _gate = new();
    private long _filesDone;
    private long _bytesDone;
    private string _lastPath = "";

    /// <summary>Counts a file.</summary>
    public void Advance(string path, long bytes)
    {
        lock (_gate)
        {
            _filesDone++;
            _bytesDone += bytes;
            _lastPath = path;
            progress?.Report(Now_NeedsGate());
        }
    }

    /// <summary>Reports that a call has failed and will be repeated.</summary>
    public void Wait(IndexingRetry retry)
    {
        lock (_gate)
            progress?.Report(Now_NeedsGate() with { Retry = retry });
    }

    private IndexingProgress Now_NeedsGate()
    {
        TimeSpan elapsed = time.GetElapsedTime(_started);

        // Files may have been added since the scan.
        long bytesLeft = Math.Max(0, scan.Bytes - _bytesDone);
        TimeSpan? timeLeft = _bytesDone == 0 ? null : elapsed * ((double)bytesLeft / _bytesDone);
        return new IndexingProgress(_filesDone, scan.Files, _bytesDone, scan.Bytes, _lastPath, timeLeft);
    }
}
