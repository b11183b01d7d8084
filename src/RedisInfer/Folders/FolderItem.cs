namespace RedisInfer.Folders;

/// <summary>A result of <see cref="FolderWalker"/>: a file to read, or an entry that is not read.</summary>
/// <param name="Path">Path relative to the folder, with <c>/</c> as separator; ends in <c>/</c> if it is a folder.</param>
/// <param name="FullPath">Full path to open.</param>
/// <param name="Bytes">Size of the file, in bytes.</param>
/// <param name="SkipReason">Why it is not read; <see langword="null"/> if it may be readable.</param>
internal readonly record struct FolderItem(string Path, string FullPath, long Bytes, string? SkipReason)
{
    /// <summary>As for <see cref="DocumentEntry.IsUnreadable"/>.</summary>
    public bool IsUnreadable { get; init; }

    /// <summary>Whether the options or rules leave it out. Then it is no part of what is indexed, and need not be reported.</summary>
    public bool IsLeftOut { get; init; }
}
