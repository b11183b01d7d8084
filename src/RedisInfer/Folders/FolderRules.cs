namespace RedisInfer.Folders;

/// <summary>
/// Says why files and folders are left out: those of version control and hidden ones, those that tools make, and those that ignore files
/// name. The rules of a subfolder take precedence over those of the folders above it.
/// </summary>
internal sealed class FolderRules(FileTreeOptions options)
{
    private static readonly string[] VersionControl = [".git", ".hg", ".svn"];
    private static readonly string[] DotnetProjects = [".csproj", ".fsproj", ".vbproj"];

    private readonly Stack<IgnoreFile> _ignoreFiles = new();

    /// <summary>Some file systems ignore case, so .GIT may be the same folder.</summary>
    public static bool IsVersionControl(string name) => VersionControl.Contains(name, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Whether a file or folder is hidden. One that has gone since it was listed has all attributes, and does not count: reading it reports
    /// the reason.
    /// </summary>
    public static bool IsHidden(FileSystemInfo item) =>
        item.Name.StartsWith('.')
        || (item.Attributes is var attributes && (int)attributes != -1 && attributes.HasFlag(FileAttributes.Hidden));

    /// <summary>Reads the ignore files of a folder. Until <see cref="Leave"/>, their rules apply.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="path">Its path relative to the root; ends in <c>/</c> if it is not empty.</param>
    /// <returns>The ignore files whose rules cannot be used, with the reasons; and how many to <see cref="Leave"/>.</returns>
    public (IReadOnlyList<FolderItem> Problems, int Entered) Enter(DirectoryInfo folder, string path)
    {
        var problems = new List<FolderItem>();
        int before = _ignoreFiles.Count;

        // In a repository, .gitignore files take precedence over the rules of .git/info/exclude.
        foreach (string name in options.UseIgnoreRules ? (string[])[".git/info/exclude", ".gitignore"] : [])
        {
            var file = new FileInfo(Path.Combine(folder.FullName, name));
            if (IgnoreFile.TryRead(file, path + name, ByteText.Of(path), out string? problem) is { } rules)
                _ignoreFiles.Push(rules);
            if (problem is not null)
                problems.Add(new FolderItem(path + name, file.FullName, 0, problem));
        }

        return (problems, _ignoreFiles.Count - before);
    }

    /// <summary>Forgets the rules of a folder.</summary>
    public void Leave(int entered)
    {
        for (int i = 0; i < entered; i++)
            _ignoreFiles.Pop();
    }

    /// <summary>Why a file or folder is left out, as a sentence; <see langword="null"/> if it is not.</summary>
    /// <param name="item">The file or folder.</param>
    /// <param name="path">Its path relative to the root, without <c>/</c> at its end.</param>
    /// <param name="siblings">All files and folders of its folder.</param>
    public string? FindReason(FileSystemInfo item, string path, FileSystemInfo[] siblings)
    {
        // For Git, a link is a file.
        bool isFolder = item is DirectoryInfo && item.LinkTarget is null;
        // In another working tree of a repository, .git is a file.
        if (IsVersionControl(item.Name))
            return "It belongs to version control, which is never read.";
        if (!options.IncludeHidden && IsHidden(item))
            return $"It is hidden. Set {nameof(FileTreeOptions.IncludeHidden)} to read hidden files.";
        if (!options.UseIgnoreRules)
            return null;
        if (isFolder && IsMadeByTools(item.Name, siblings))
            return $"Tools make folders of this name. Unset {nameof(FileTreeOptions.UseIgnoreRules)} to read it.";
        return FindRule(path, isFolder) is { Ignores: true } found ? $"{found.Rule} ignores it." : null;
    }

    private (bool Ignores, string Rule)? FindRule(string path, bool isFolder)
    {
        if (_ignoreFiles.Count == 0)
            return null;
        string bytes = ByteText.Of(path);
        return _ignoreFiles.Select(file => file.FindRule(bytes, isFolder)).FirstOrDefault(rule => rule is not null);
    }

    private static bool IsMadeByTools(string name, FileSystemInfo[] siblings) => name switch
    {
        "node_modules" or "__pycache__" => true,
        "bin" or "obj" => siblings.Any(sibling => DotnetProjects.Contains(Path.GetExtension(sibling.Name))),
        "target" => siblings.Any(sibling => sibling.Name == "Cargo.toml"),
        _ => false,
    };
}
