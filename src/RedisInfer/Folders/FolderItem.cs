namespace RedisInfer.Folders;

/// <summary>What <see cref="FolderWalker"/> found: a file to read, or something that cannot be.</summary>
/// <param name="Path">Relative, with <c>/</c>.</param>
/// <param name="FullPath">Where to open it.</param>
/// <param name="Bytes">Its size.</param>
/// <param name="SkipReason">Why it cannot be read; null if it can be tried.</param>
internal readonly record struct FolderItem(string Path, string FullPath, long Bytes, string? SkipReason);
