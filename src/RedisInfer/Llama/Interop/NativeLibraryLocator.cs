namespace RedisInfer.Llama.Interop;

/// <summary>Finds llama.cpp's libraries without opening them.</summary>
internal static class NativeLibraryLocator
{
    /// <summary>The release that the package ships; preferred if a folder holds several builds.</summary>
    private const string ShippedRelease = ".v0.4.0.";

    /// <summary>Returns the folders to search, in order.</summary>
    /// <param name="directory">The folder that the host named, which is then the only one; or <see langword="null"/>.</param>
    internal static IReadOnlyList<string> SearchPath(string? directory)
    {
        if (directory is not null)
        {
            return [Path.GetFullPath(directory)];
        }

        var folders = new List<string>();
        AddWithRuntimes(folders, AppContext.BaseDirectory);

        // Single-file and RID-specific publishing put native libraries into folders that the host probes, not next to the assembly.
        if (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") is string probing)
        {
            foreach (string folder in probing.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
            {
                AddWithRuntimes(folders, folder);
            }
        }

        return folders.Distinct(StringComparer.Ordinal).ToArray();
    }

    /// <summary>Finds a library in a folder, with or without a version in its name.</summary>
    /// <param name="folder">The folder.</param>
    /// <param name="name">Name without prefix and extension, for example <c>llama</c>.</param>
    /// <returns>The full path; <see langword="null"/> if it is not found.</returns>
    internal static string? Find(string folder, string name)
    {
        if (!Directory.Exists(folder))
        {
            return null;
        }

        // Finds "libllama.so", "libllama.v0.4.0.so" and "libllama.metal.v0.4.0.dylib", but not "libllama-common.so".
        string stem = NativePlatform.Prefix + name + ".";
        return Directory.EnumerateFiles(folder, stem + "*")
            .Where(path => path.EndsWith(NativePlatform.Extension, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(path => Path.GetFileName(path).Contains(ShippedRelease, StringComparison.Ordinal))
            .ThenBy(path => path.Length)
            .ThenBy(path => path, StringComparer.Ordinal)
            .FirstOrDefault();
    }

    private static void AddWithRuntimes(List<string> folders, string root)
    {
        string trimmed = Path.TrimEndingDirectorySeparator(Path.GetFullPath(root));
        folders.Add(Path.Combine(trimmed, "runtimes", NativePlatform.RuntimeIdentifier, "native"));
        folders.Add(trimmed);
    }
}
