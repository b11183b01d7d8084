namespace RedisInfer;

/// <summary>Progress of indexing a folder, or of embedding a corpus again.</summary>
/// <param name="FilesDone">Files processed so far.</param>
/// <param name="FilesTotal">Files found.</param>
/// <param name="BytesDone">Size of the processed files, in bytes.</param>
/// <param name="BytesTotal">Size of all files found, in bytes.</param>
/// <param name="CurrentPath">The file that was processed last.</param>
/// <param name="TimeLeft">
/// Estimate of the remaining time, from the bytes per second so far; <see langword="null"/> if no bytes are processed yet.
/// </param>
public sealed record IndexingProgress(
    long FilesDone, long FilesTotal, long BytesDone, long BytesTotal, string CurrentPath, TimeSpan? TimeLeft)
{
    /// <summary>Why nothing is being processed now; <see langword="null"/>: a file was processed.</summary>
    public IndexingRetry? Retry { get; init; }
}
