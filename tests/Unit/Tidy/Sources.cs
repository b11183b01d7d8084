using System.ComponentModel;
using System.Diagnostics;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>
/// The repository's files, which are those that git tracks. The output of a tool in the folder is therefore not included. Without
/// git: all files except those that builds create.
/// </summary>
internal static class Sources
{
    private static readonly HashSet<string> ForeignFolders = new(StringComparer.Ordinal)
    {
        ".git", ".vs", ".idea", ".cache", "bin", "obj", "node_modules", "artifacts", "TestResults", "__pycache__",
    };

    private static readonly Lazy<IReadOnlyList<string>> LazyFiles =
        new(() => [.. (Tracked() ?? Walk(Repository.Root)).Order(StringComparer.Ordinal)]);

    private static readonly Lazy<IReadOnlyList<SourceFile>> LazyCSharp = new(() =>
        [.. Files.Where(f => f.EndsWith(".cs", StringComparison.Ordinal)).Select(f => new SourceFile(f, Read(f)))]);

    /// <summary>Paths relative to the root, with forward slashes.</summary>
    public static IReadOnlyList<string> Files => LazyFiles.Value;

    /// <summary>Every C# file: product, tests, samples, benchmarks.</summary>
    public static IReadOnlyList<SourceFile> CSharp => LazyCSharp.Value;

    /// <summary>The C# files of one folder and the folders below it.</summary>
    public static IReadOnlyList<SourceFile> Under(string folder) =>
        [.. CSharp.Where(f => f.Path.StartsWith(folder + "/", StringComparison.Ordinal))];

    public static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));

    private static List<string>? Tracked()
    {
        try
        {
            using Process git = Process.Start(new ProcessStartInfo("git", ["ls-files", "-z"])
            {
                WorkingDirectory = Repository.Root,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            string[] files = git.StandardOutput.ReadToEnd().Split('\0', StringSplitOptions.RemoveEmptyEntries);
            git.WaitForExit();
            return git.ExitCode == 0 ? [.. files.Where(file => File.Exists(Path.Combine(Repository.Root, file)))] : null;
        }
        catch (Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<string> Walk(string folder)
    {
        foreach (string file in Directory.EnumerateFiles(folder))
            yield return Path.GetRelativePath(Repository.Root, file).Replace('\\', '/');
        foreach (string child in Directory.EnumerateDirectories(folder))
        {
            // A link may lead out of the repository or form a circle.
            if (ForeignFolders.Contains(Path.GetFileName(child)) || new DirectoryInfo(child).LinkTarget is not null)
                continue;
            foreach (string file in Walk(child))
                yield return file;
        }
    }
}
