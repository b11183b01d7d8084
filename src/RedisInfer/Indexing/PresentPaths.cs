namespace RedisInfer.Indexing;

/// <summary>The paths that a folder has, as far as it could be read.</summary>
internal sealed class PresentPaths
{
    private readonly HashSet<string> _paths = new(StringComparer.Ordinal);

    /// <summary>Adds a file, or a folder that could not be listed.</summary>
    /// <param name="path">Path relative to the folder, with <c>/</c> as separator; ends in <c>/</c> if it is a folder.</param>
    public void Add(string path) => _paths.Add(path);

    /// <summary>Whether a document is one of the files, or would be in one of the folders.</summary>
    public bool Covers(string path)
    {
        for (int end = path.IndexOf('/', StringComparison.Ordinal); end >= 0; end = path.IndexOf('/', end + 1))
        {
            if (_paths.Contains(path[..(end + 1)]))
                return true;
        }

        return _paths.Contains(path);
    }
}
