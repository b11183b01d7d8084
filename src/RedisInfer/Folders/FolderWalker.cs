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
    // .NET puts this character into names that are not valid Unicode, and finds no file under the new name.
    private const char Replacement = '\uFFFD';

    private static readonly EnumerationOptions Everything = new() { AttributesToSkip = 0, IgnoreInaccessible = false };

    private readonly string _root;
    private readonly string _realRoot;
    private readonly FileTreeOptions _options;
    private readonly FolderRules _rules;

    /// <summary>Creates a walker.</summary>
    /// <param name="root">Full path of a folder that exists.</param>
    /// <param name="options">What to leave out.</param>
    public FolderWalker(string root, FileTreeOptions options)
    {
        _root = root;
        _realRoot = RealPath.Of(root) ?? root;
        _options = options;
        _rules = new FolderRules(options);
    }

    /// <summary>Walks the tree. Of a folder that is left out, returns only the folder.</summary>
    public IEnumerable<FolderItem> Walk() => Walk(new DirectoryInfo(_root), "");

    private IEnumerable<FolderItem> Walk(DirectoryInfo folder, string path)
    {
        if (!TryList(folder, out FileSystemInfo[] children, out string? reason))
        {
            yield return new FolderItem(path, folder.FullName, 0, reason) { IsUnreadable = true };
            yield break;
        }

        (IReadOnlyList<FolderItem> problems, int entered) = _rules.Enter(folder, path);
        foreach (FolderItem problem in problems)
            yield return problem;
        string? previous = null;
        foreach (FileSystemInfo child in children)
        {
            string childPath = path + child.Name;
            string itemPath = child is DirectoryInfo ? childPath + "/" : childPath;
            if (_rules.FindReason(child, childPath, children) is { } rule)
            {
                yield return new FolderItem(itemPath, child.FullName, 0, rule) { IsLeftOut = true };
            }
            else if (IsNameLost(child, previous))
            {
                yield return new FolderItem(itemPath, child.FullName, 0, "Its name is not valid UTF-8. Rename it.") { IsUnreadable = true };
            }
            else if (child is FileInfo file)
            {
                yield return ToItem(file, childPath);
            }
            else if (child.LinkTarget is not null)
            {
                yield return new FolderItem(itemPath, child.FullName, 0, "It is a link to a folder. Such links are not followed.");
            }
            else
            {
                foreach (FolderItem item in Walk((DirectoryInfo)child, itemPath))
                    yield return item;
            }

            previous = child.Name;
        }

        _rules.Leave(entered);
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

    /// <summary>
    /// Whether the name has lost bytes when it was read, so that it names no file, or another one. Two such names may have become equal, or
    /// equal to a valid name, which comes once.
    /// </summary>
    private static bool IsNameLost(FileSystemInfo child, string? previous) =>
        child.Name.Contains(Replacement, StringComparison.Ordinal) && (child.Name == previous || !Exists(child.FullName));

    // A link exists even if its target does not.
    private static bool Exists(string path) => Path.Exists(path) || new FileInfo(path).LinkTarget is not null;

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
        if (target[root.Length..].Split(Path.DirectorySeparatorChar).Any(FolderRules.IsVersionControl))
            return "It is a link into a version control folder. Such folders are never read.";

        return !_options.IncludeHidden && IsHiddenBelow(root, target)
            ? $"It is a link to a hidden file. Set {nameof(FileTreeOptions.IncludeHidden)} to read such files."
            : null;
    }

    /// <summary>
    /// Whether a file or one of its folders below the root is hidden. The folders of a Kubernetes volume, whose names begin with two dots,
    /// do not count: all files of the volume are links into them.
    /// </summary>
    private static bool IsHiddenBelow(string root, string target)
    {
        if (FolderRules.IsHidden(new FileInfo(target)))
            return true;
        for (string? folder = Path.GetDirectoryName(target); folder?.Length >= root.Length; folder = Path.GetDirectoryName(folder))
        {
            var info = new DirectoryInfo(folder);
            if (!info.Name.StartsWith("..", StringComparison.Ordinal) && FolderRules.IsHidden(info))
                return true;
        }

        return false;
    }
}
