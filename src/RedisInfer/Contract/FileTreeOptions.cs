namespace RedisInfer;

/// <summary>Which files of a folder <see cref="IRagIndex.AddDirectoryAsync"/> reads.</summary>
public sealed class FileTreeOptions
{
    internal const long MaxMaxFileBytes = 512L << 20;

    /// <summary>
    /// The largest file that is read, in bytes, from 1 to 536870912; a larger one is skipped with a reason. The default is 16 MiB. A
    /// file is held in memory while it is indexed, its text at twice this size.
    /// </summary>
    public long MaxFileBytes { get; set; } = 16L << 20;

    /// <summary>
    /// Whether to leave out what the <c>.gitignore</c> files in the folder and below it name, and what tools put beside sources:
    /// <c>node_modules</c>, <c>__pycache__</c>, <c>bin</c> and <c>obj</c> beside a .NET project file, <c>target</c> beside a
    /// <c>Cargo.toml</c>. The default is true.
    /// </summary>
    public bool UseIgnoreRules { get; set; } = true;

    /// <summary>
    /// Whether to read hidden files and folders, whose names begin with a dot or that Windows marks as hidden. The default is
    /// false. The folders of Git, Mercurial and Subversion are never read.
    /// </summary>
    public bool IncludeHidden { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (MaxFileBytes is < 1 or > MaxMaxFileBytes)
            yield return $"{nameof(MaxFileBytes)} is {MaxFileBytes}: give 1 to {MaxMaxFileBytes} bytes.";
    }
}
