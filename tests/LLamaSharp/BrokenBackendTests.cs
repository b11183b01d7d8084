using System.Diagnostics;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.LLamaSharp;

/// <summary>What a program says whose backend of LLamaSharp is missing or cannot be opened. Each runs in a process of its own.</summary>
public sealed class BrokenBackendTests
{
    private const string Program = "RedisInfer.Tests.LLamaSharpHost.dll";

    private static string Runtimes => Path.Combine(AppContext.BaseDirectory, "runtimes");

    [Fact]
    public async Task ProgramWithoutABackendIsToldWhichPackageToReference()
    {
        using var folder = new TemporaryFolder();

        string output = await RunAsync(folder, _ => { });

        Assert.StartsWith("NativeLibraryMissing: LLamaSharp 0.30.0 found no llama.cpp", output, StringComparison.Ordinal);
        Assert.Contains(Path.Combine(folder.Path, "runtimes"), output, StringComparison.Ordinal);
        Assert.Contains("LLamaSharp.Backend.Cpu 0.30.0", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgramWithABackendFindsIt()
    {
        using var folder = new TemporaryFolder();

        string output = await RunAsync(folder, static folder => CopyBackend(folder, static _ => { }));

        Assert.Equal("LLamaSharp 0.30.0", output);
    }

    [Fact]
    public async Task SystemWithoutOpenMPIsToldWhatToInstall()
    {
        if (!OperatingSystem.IsLinux())
        {
            Skipping.Because("Only on Linux do the libraries need OpenMP of the system.");
        }

        // As if the system had no libgomp.so.1: the libraries ask for one that no system has.
        using var folder = new TemporaryFolder();
        string output = await RunAsync(folder, static folder => CopyBackend(folder, static file =>
        {
            byte[] bytes = File.ReadAllBytes(file);
            for (int at; (at = bytes.AsSpan().IndexOf("libgomp.so.1"u8)) >= 0;)
            {
                "libgomp.so.9"u8.CopyTo(bytes.AsSpan(at));
            }

            File.WriteAllBytes(file, bytes);
        }));

        Assert.StartsWith("NativeLibraryMissing: ", output, StringComparison.Ordinal);
        Assert.Contains("libgomp.so.9: cannot open shared object file", output, StringComparison.Ordinal);
        Assert.Contains("apt-get install libgomp1", output, StringComparison.Ordinal);
        Assert.Contains(folder.Path, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LibrariesThatAreNoneAreNamed()
    {
        using var folder = new TemporaryFolder();

        string output = await RunAsync(folder, static folder => CopyBackend(folder, static file => File.WriteAllText(file, "not a library")));

        Assert.StartsWith("NativeLibraryMissing: LLamaSharp 0.30.0 could not open", output, StringComparison.Ordinal);
        Assert.Contains(folder.Path, output, StringComparison.Ordinal);
    }

    private static void CopyBackend(string folder, Action<string> change)
    {
        foreach (string file in Directory.EnumerateFiles(Runtimes, "*", SearchOption.AllDirectories).Where(IsOfLLamaSharp))
        {
            string copy = Path.Combine(folder, "runtimes", Path.GetRelativePath(Runtimes, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
            change(copy);
        }
    }

    // RedisInfer's own libraries bear a release in their names, or are in the folder of one that does.
    private static bool IsOfLLamaSharp(string file) =>
        !Directory.EnumerateFiles(Path.GetDirectoryName(file)!).Any(name => Path.GetFileName(name).Contains(".v0.4.0", StringComparison.Ordinal));

    private static async Task<string> RunAsync(TemporaryFolder folder, Action<string> prepare)
    {
        string framework = Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory);
        string built = Path.Combine(
            Repository.Root, "tests", "LLamaSharpHost", "bin", Path.GetFileName(Path.GetDirectoryName(framework)!), Path.GetFileName(framework));
        foreach (string file in Directory.EnumerateFiles(built))
        {
            File.Copy(file, Path.Combine(folder.Path, Path.GetFileName(file)));
        }

        prepare(folder.Path);
        using Process process = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(folder.Path, Program)])
        {
            WorkingDirectory = folder.Path,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        string output = await process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.Equal("", await error);
        return output.Trim();
    }
}
