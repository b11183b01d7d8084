namespace RedisInfer;

/// <summary>How far indexing a folder has come.</summary>
/// <param name="FilesDone">Files dealt with.</param>
/// <param name="FilesTotal">Files found.</param>
/// <param name="BytesDone">Their size in bytes.</param>
/// <param name="BytesTotal">Size of all files found, in bytes.</param>
/// <param name="CurrentPath">The file dealt with last.</param>
/// <param name="TimeLeft">
/// How long it will take at the pace so far, by bytes; <see langword="null"/> as long as there is none to go by.
/// </param>
public sealed record IndexingProgress(
    long FilesDone, long FilesTotal, long BytesDone, long BytesTotal, string CurrentPath, TimeSpan? TimeLeft);
