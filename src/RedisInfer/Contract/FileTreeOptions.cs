namespace RedisInfer;

/// <summary>
/// Which files of a folder <see cref="IRagIndex"/> reads.
/// </summary>
public sealed class FileTreeOptions
{
    internal const long MaxMaxFileBytes = 512L << 20;

    /// <summary>
    /// Size of the largest file that is read, in bytes, 1 to 536870912. A larger file is skipped with a reason. Default: 16 MiB. While a
    /// file is indexed, it is in memory, and its text takes twice its size.
    /// </summary>
    public long MaxFileBytes { get; set; } = 16L << 20;

    /// <summary>
    /// Whether to leave out the following. Default: <see langword="true"/>.
    /// <list type="bullet">
    /// <item>
    /// What Git ignores by the <c>.gitignore</c> files in the folder and its subfolders, and by their <c>.git/info/exclude</c>. Files above
    /// the folder, and the user's own, do not count.
    /// </item>
    /// <item><c>node_modules</c> and <c>__pycache__</c>.</item>
    /// <item><c>bin</c> and <c>obj</c> next to a .NET project file.</item>
    /// <item><c>target</c> next to a <c>Cargo.toml</c>.</item>
    /// </list>
    /// </summary>
    public bool UseIgnoreRules { get; set; } = true;

    /// <summary>
    /// Whether to read hidden files and folders: those whose names begin with a dot, and those that Windows marks as hidden. Default:
    /// <see langword="false"/>. The folders of Git, Mercurial and Subversion are never read. Both rules also apply to the file that a link
    /// points to.
    /// </summary>
    public bool IncludeHidden { get; set; }

    internal IEnumerable<string> Validate()
    {
        if (MaxFileBytes is < 1 or > MaxMaxFileBytes)
            yield return $"{nameof(MaxFileBytes)} is {MaxFileBytes}: set it to 1 to {MaxMaxFileBytes} bytes.";
    }
}
