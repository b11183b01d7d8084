using RedisInfer.Folders;

namespace RedisInfer.Indexing;

/// <summary>Counts indexed files of a folder, and estimates the remaining time.</summary>
internal sealed class IndexingPace(FileTreeScan scan, TimeProvider time)
{
    private readonly long _started = time.GetTimestamp();
    private long _filesDone;
    private long _bytesDone;

    /// <summary>Counts a file.</summary>
    public IndexingProgress Advance(string path, long bytes)
    {
        _filesDone++;
        _bytesDone += bytes;
        TimeSpan elapsed = time.GetElapsedTime(_started);

        // Files may have been added since the scan.
        long bytesLeft = Math.Max(0, scan.Bytes - _bytesDone);
        TimeSpan? timeLeft = _bytesDone == 0 ? null : elapsed * ((double)bytesLeft / _bytesDone);
        return new IndexingProgress(_filesDone, scan.Files, _bytesDone, scan.Bytes, path, timeLeft);
    }
}
