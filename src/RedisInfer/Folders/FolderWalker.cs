namespace RedisInfer.Folders;

/// <summary>
/// Lists the files of a folder in the ordinal order of their relative paths. Holds the file names of one folder per level in memory.
/// </summary>
/// <remarks>
/// <list type="bullet">
/// <item>A link to a file in the same tree is followed, as in a mounted Kubernetes volume. It gives the file no other rights: what is
/// hidden or belongs to version control stays out.</item>
/// <item>A link to a file outside the tree is not followed: otherwise the author of a document could choose any file of the machine.</item>
/// <item>A link to a folder is not followed, so there are no loops.</item>
/// </list>
/// </remarks>
internal sealed class FolderWalker
{
    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };
    private static readonly string[] VersionControl = [".git", ".hg", ".svn"];
    private static readonly string[] DotnetProjects = [".csproj", ".fsproj", ".vbproj"];

    private readonly string _root;
    private readonly string _realRoot;
    private readonly FileTreeOptions _options;
    private readonly Stack<IgnoreFile> _ignoreFiles = new();

    /// <summary>Creates a walker.</summary>
    /// <param name="root">Full path of a folder that exists.</param>
    /// <param name="options">What to leave out.</param>
    public FolderWalker(string root, FileTreeOptions options)
    {
        _root = root;
        _realRoot = RealPath.Of(root) ?? root;
        _options = options;
    }

    /// <summary>Walks the tree. Does not return what the rules leave out.</summary>
    public IEnumerable<FolderItem> Walk() => Walk(new DirectoryInfo(_root), "");

    private IEnumerable<FolderItem> Walk(DirectoryInfo folder, string path)
    {
        if (!TryList(folder, out FileSystemInfo[] children, out string? reason))
        {
            yield return new FolderItem(path, folder.FullName, 0, reason) { IsUnreadable = true };
            yield break;
        }

        IgnoreFile? ignoreFile = _options.UseIgnoreRules ? IgnoreFile.TryRead(folder.FullName, path.Length) : null;
        if (ignoreFile is not null)
            _ignoreFiles.Push(ignoreFile);

        foreach (FileSystemInfo child in children)
        {
            bool isFolder = child is DirectoryInfo;
            string childPath = path + child.Name;
            if (IsLeftOut(child, childPath, isFolder, children))
                continue;
            if (child is FileInfo file)
            {
                yield return ToItem(file, childPath);
            }
            else if (child.LinkTarget is not null)
            {
                yield return new FolderItem(childPath + "/", child.FullName, 0, "It is a link to a folder. Such links are not followed.");
            }
            else
            {
                foreach (FolderItem item in Walk((DirectoryInfo)child, childPath + "/"))
                    yield return item;
            }
        }

        if (ignoreFile is not null)
            _ignoreFiles.Pop();
    }

    private static bool TryList(DirectoryInfo folder, out FileSystemInfo[] children, out string? reason)
    {
        try
        {
            children = folder.GetFileSystemInfos("*", Everything);
            // With a trailing "/", a folder sorts among the files as its content will: "a-b", "a.md", "a/x".
            Array.Sort([.. children.Select(child => child is DirectoryInfo ? child.Name + "/" : child.Name)], children, StringComparer.Ordinal);
            reason = null;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            children = [];
            reason = $"The folder cannot be listed: {e.Message}";
            return false;
        }
    }

    private FolderItem ToItem(FileInfo file, string path)
    {
        try
        {
            if (file.LinkTarget is null)
                return new FolderItem(path, file.FullName, file.Length, null);

            string? target = RealPath.Of(file.FullName);
            if (target is null)
                return Unreadable("It is a link whose target does not exist, or a circular link.");
            return FindRuleAgainst(target) is { } rule
                ? new FolderItem(path, file.FullName, 0, rule)
                : new FolderItem(path, target, new FileInfo(target).Length, null);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Unreadable($"It cannot be read: {e.Message}");
        }

        FolderItem Unreadable(string reason) => new(path, file.FullName, 0, reason) { IsUnreadable = true };
    }

    /// <summary>Why a link to a file is not followed; <see langword="null"/> if it is.</summary>
    private string? FindRuleAgainst(string target)
    {
        string root = Path.TrimEndingDirectorySeparator(_realRoot) + Path.DirectorySeparatorChar;
        if (!target.StartsWith(root, StringComparison.Ordinal))
            return "It is a link to a file outside the folder. Such links are not followed.";
        if (target[root.Length..].Split(Path.DirectorySeparatorChar).Any(IsVersionControl))
            return "It is a link into a version control folder. Such folders are never read.";

        // The folders of the target may be hidden: those of a Kubernetes volume are.
        return !_options.IncludeHidden && IsHidden(new FileInfo(target))
            ? $"It is a link to a hidden file. Set {nameof(FileTreeOptions.IncludeHidden)} to read such files."
            : null;
    }

    private bool IsLeftOut(FileSystemInfo child, string path, bool isFolder, FileSystemInfo[] siblings)
    {
        if (isFolder && IsVersionControl(child.Name))
            return true;
        if (!_options.IncludeHidden && IsHidden(child))
            return true;
        if (!_options.UseIgnoreRules)
            return false;
        return (isFolder && IsMadeByTools(child.Name, siblings))
            || (_ignoreFiles.Select(file => file.Ignores(path, isFolder)).FirstOrDefault(ignores => ignores is not null) ?? false);
    }

    // Some file systems ignore case, so .GIT may be the same folder.
    private static bool IsVersionControl(string name) => VersionControl.Contains(name, StringComparer.OrdinalIgnoreCase);

    // An entry that has gone since it was listed has all attributes. It is not left out: reading it reports the reason.
    private static bool IsHidden(FileSystemInfo item) =>
        item.Name.StartsWith('.')
        || (item.Attributes is var attributes && (int)attributes != -1 && attributes.HasFlag(FileAttributes.Hidden));

    private static bool IsMadeByTools(string name, FileSystemInfo[] siblings) => name switch
    {
        "node_modules" or "__pycache__" => true,
        "bin" or "obj" => siblings.Any(sibling => DotnetProjects.Contains(Path.GetExtension(sibling.Name))),
        "target" => siblings.Any(sibling => sibling.Name == "Cargo.toml"),
        _ => false,
    };
}
