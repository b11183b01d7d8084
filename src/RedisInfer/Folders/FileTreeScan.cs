namespace RedisInfer.Folders;

/// <summary>How much there is to read in a folder, for a progress bar.</summary>
/// <param name="Files">Number of entries <see cref="FileTree.ReadAsync"/> will give, those it will skip included.</param>
/// <param name="Bytes">Their size together.</param>
internal sealed record FileTreeScan(int Files, long Bytes);
