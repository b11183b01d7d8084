using System.Text.RegularExpressions;

namespace RedisInfer.Tests.Package;

/// <summary>How a build gets the llama.cpp libraries, tested on a copy of <c>eng/natives</c> outside the repository.</summary>
public sealed class NativesRestoreTests(PackedFeed feed)
{
    private const string Rid = "win-arm64";

    [Fact]
    public async Task DamagedAndMissingFilesAreRestoredAndForeignOnesRemoved()
    {
        var root = CopyOfNatives("damaged");
        await RestoreAsync(root, succeeds: true);
        var folder = Path.Combine(root, "artifacts", "natives", Rid);
        var whole = Snapshot(folder);
        Assert.NotEmpty(whole);

        var names = whole.Keys.Order().ToArray();
        await File.AppendAllTextAsync(Path.Combine(folder, names[0]), "damage", TestContext.Current.CancellationToken);
        File.Delete(Path.Combine(folder, names[1]));
        await File.WriteAllTextAsync(Path.Combine(folder, "ggml-cpu-old.dll"), "old", TestContext.Current.CancellationToken);
        await RestoreAsync(root, succeeds: true);

        Assert.Equal(whole, Snapshot(folder));
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(root, "artifacts", "natives", ".restore")));
    }

    [Fact]
    public async Task WholeFilesNeedNoNpm()
    {
        var root = CopyOfNatives("whole");
        await RestoreAsync(root, succeeds: true);
        await RestoreAsync(root, succeeds: true, ("PATH", PathWithoutNpm(root)));
    }

    [Fact]
    public async Task WithoutNpmTheOneErrorSaysToInstallIt()
    {
        var root = CopyOfNatives("no-npm");
        var error = await RestoreAsync(root, succeeds: false, ("PATH", PathWithoutNpm(root)));
        Assert.Matches("RINF002: npm was not found.*install Node.js", error);
    }

    [Fact]
    public async Task PackageThatCannotBeHadIsOneErrorThatSaysWhatIsMissing()
    {
        // npm reports success here, because the packages are optional.
        var root = CopyOfNatives("offline");
        var error = await RestoreAsync(
            root, succeeds: false, ("npm_config_offline", "true"), ("npm_config_cache", Path.Combine(root, "cache")));
        Assert.Matches(@"RINF004: .*win-arm64.* 4 of 4 files are missing or damaged.*See that npm reaches its registry", error);
    }

    [Fact]
    public async Task PackageOtherThanTheListedOneIsRefused()
    {
        var root = CopyOfNatives("other");
        var list = Path.Combine(root, "eng", "natives", "checksums", Rid + ".sha256");
        var lines = await File.ReadAllLinesAsync(list, TestContext.Current.CancellationToken);
        lines[0] = new string('0', 64) + lines[0][64..];
        await File.WriteAllLinesAsync(list, lines, TestContext.Current.CancellationToken);

        var error = await RestoreAsync(root, succeeds: false);
        Assert.Matches(@"RINF004: .* 1 of 4 files are missing or damaged", error);
        Assert.False(Directory.Exists(Path.Combine(root, "artifacts", "natives", Rid)));
    }

    [Fact]
    public async Task PlatformWithoutPrebuiltLibrariesIsOneErrorThatNamesThoseWith()
    {
        var root = CopyOfNatives("musl");
        var error = await RestoreAsync(root, succeeds: false, ("Rid", "linux-musl-x64"));
        Assert.Matches("RINF001: .*'linux-musl-x64'.*linux-x64, linux-arm64", error);
    }

    /// <summary>Restores the libraries. Returns the single error if the restore should fail, else an empty string.</summary>
    private static async Task<string> RestoreAsync(string root, bool succeeds, params (string Name, string Value)[] environment)
    {
        var variables = new Dictionary<string, string> { ["Rid"] = Rid };
        foreach (var (name, value) in environment)
        {
            variables[name] = value;
        }

        var (status, output) = await DotNet.TryRunAsync(
            root, variables, "msbuild", Path.Combine("eng", "natives", "Natives.proj"), "-nologo");
        if (succeeds)
        {
            Assert.True(status == 0, output);
            return "";
        }

        Assert.NotEqual(0, status);
        return Assert.Single(Regex.Matches(output, "error ([A-Z]+[0-9]+:.*)")).Groups[1].Value;
    }

    private static Dictionary<string, string> Snapshot(string folder) => Directory.EnumerateFiles(folder).ToDictionary(
        path => Path.GetFileName(path),
        path => Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(path))));

    /// <summary>A search path with only the shell that MSBuild uses to run commands.</summary>
    private static string PathWithoutNpm(string root)
    {
        if (OperatingSystem.IsWindows())
        {
            return Environment.SystemDirectory;
        }

        var bin = Directory.CreateDirectory(Path.Combine(root, "bin")).FullName;
        File.CreateSymbolicLink(Path.Combine(bin, "sh"), "/bin/sh");
        return bin;
    }

    private string CopyOfNatives(string name)
    {
        var root = Path.Combine(feed.WorkFolder, "natives-" + name);
        var source = Path.Combine(PackedFeed.RepositoryRoot, "eng", "natives");
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(root, "eng", "natives", Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        return root;
    }
}
