namespace RedisInfer.Folders;

/// <summary>Number and size of the files in a folder, for progress reports.</summary>
/// <param name="Files">Number of entries that <see cref="FileTree.ReadAsync"/> will return, including skipped ones.</param>
/// <param name="Bytes">Their total size, in bytes.</param>
internal sealed record FileTreeScan(int Files, long Bytes);
