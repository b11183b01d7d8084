using System.Diagnostics;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Llama;

/// <summary>The machine's C compiler and the headers of llama.cpp. Tests that need them are skipped if either is missing.</summary>
internal static class CCompiler
{
    private const int WrongPackage = 3;

    private static readonly Lazy<string> Headers = new(RestoreHeaders);

    /// <summary>Compiles a C program against llama.h, runs it, and returns its output.</summary>
    public static string Run(string source)
    {
        using var folder = new Inference.TemporaryFolder();
        string program = Path.Combine(folder.Path, "program");
        Compile(folder.Write("program.c", System.Text.Encoding.UTF8.GetBytes(source)), "-I" + Headers.Value, "-o", program);
        return Start(program).Output;
    }

    /// <summary>Compiles C sources into a shared library.</summary>
    public static void MakeLibrary(string path, params string[] sources)
    {
        using var folder = new Inference.TemporaryFolder();
        string[] files = [.. sources.Select((source, i) => folder.Write($"{i}.c", System.Text.Encoding.UTF8.GetBytes(source)))];
        Compile([.. files, "-I" + Headers.Value, "-shared", "-fPIC", "-o", path]);
    }

    /// <summary>Compiles a source against llama.h. If it does not compile, the test fails with the compiler's output.</summary>
    public static void CheckCompiles(string source)
    {
        using var folder = new Inference.TemporaryFolder();
        Compile(
            folder.Write("check.c", System.Text.Encoding.UTF8.GetBytes(source)), "-I" + Headers.Value, "-c", "-o", Path.Combine(folder.Path, "check.o"));
    }

    private static void Compile(params string[] arguments)
    {
        (int status, string output) = Start("cc", arguments);
        Assert.True(status == 0, output);
    }

    private static string RestoreHeaders()
    {
        try
        {
            Start("cc", "--version");
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Skipping.Because("No C compiler was found. To run this test, install one that runs as 'cc'.");
        }

        string script = Path.Combine(Repository.Root, "eng", "natives", "headers", "restore.sh");
        (int status, string output) = Start("bash", script);
        Assert.False(status == WrongPackage, output);
        if (status != 0)
        {
            Skipping.Because($"The headers of llama.cpp could not be restored: {output.Trim()}");
        }

        return Path.Combine(Repository.Root, "artifacts", "headers", "include");
    }

    private static (int Status, string Output) Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd() + errors.GetAwaiter().GetResult();
        process.WaitForExit();
        return (process.ExitCode, output);
    }
}
