namespace RedisInfer.Folders;

/// <summary>Resolves all links in a path, including those in its folders. The base class library does not.</summary>
internal static class RealPath
{
    private const int MaxLinks = 40;

    /// <summary>Returns the path without links.</summary>
    /// <param name="path">A full path.</param>
    /// <returns>
    /// Full path of the target; <see langword="null"/> if the target does not exist, or after 40 links, the limit of Linux.
    /// </returns>
    public static string? Of(string path)
    {
        for (int links = 0; links <= MaxLinks; links++)
        {
            string? next = FollowFirstLink(path);
            if (next is null)
                return Path.Exists(path) ? path : null;
            path = next;
        }

        return null;
    }

    /// <summary>Replaces the first link in the path; returns <see langword="null"/> if there is none.</summary>
    private static string? FollowFirstLink(string path)
    {
        string current = Path.GetPathRoot(path)!;
        string[] parts = path[current.Length..].Split(Path.DirectorySeparatorChar, StringSplitOptions.RemoveEmptyEntries);
        for (int i = 0; i < parts.Length; i++)
        {
            string folder = current;
            current = Path.Combine(folder, parts[i]);
            if (new FileInfo(current).LinkTarget is { } target)
                return Path.GetFullPath(Path.Combine([target, .. parts[(i + 1)..]]), folder);
        }

        return null;
    }
}
