using System.Diagnostics;
using System.Reflection;

namespace RedisInfer.Benchmarks;

/// <summary>Starts this program again, for work that needs a process of its own.</summary>
internal static class OwnProgram
{
    /// <summary>How to start it, with its output and its errors redirected.</summary>
    public static ProcessStartInfo CreateStartInfo(IEnumerable<string> arguments)
    {
        string program = Environment.ProcessPath!;

        // `dotnet run` starts the program's own executable; `dotnet FILE.dll` does not.
        string[] library = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [Assembly.GetEntryAssembly()!.Location] : [];
        return new ProcessStartInfo(program, [.. library, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
    }
}
