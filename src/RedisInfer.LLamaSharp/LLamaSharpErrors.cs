using System.Runtime.InteropServices;
using RedisInfer.Errors;

namespace RedisInfer.LLamaSharp;

/// <summary>Error texts for LLamaSharp's libraries.</summary>
internal static class LLamaSharpErrors
{
    private static readonly string[] Stems = ["ggml-base", "ggml-cpu", "ggml", "llama"];

    /// <summary>LLamaSharp does not say why a file could not be opened. So each is opened once more, for the system's reason.</summary>
    internal static RedisInferException NotOpened(Exception cause)
    {
        string root = Path.Combine(AppContext.BaseDirectory, "runtimes", RuntimeIdentifier, "native");
        string[] libraries = Directory.Exists(root)
            ? [.. Directory.EnumerateFiles(root, FileNameOf("llama"), SearchOption.AllDirectories).Order(StringComparer.Ordinal)]
            : [];
        if (libraries.Length == 0)
        {
            return Missing(
                $"LLamaSharp {LLamaSharpBinding.Release} found no llama.cpp: there is no '{FileNameOf("llama")}' in '{root}' or below it. Reference one of "
                + $"its backends of the same version in the project of the program, for example the package LLamaSharp.Backend.Cpu {LLamaSharpBinding.Release}.",
                cause);
        }

        (string file, string reason) = libraries.Select(Path.GetDirectoryName).SelectMany(folder => Stems.Select(stem => Path.Combine(folder!, FileNameOf(stem))))
            .Where(File.Exists).Select(path => (path, Reason: ReasonOf(path))).FirstOrDefault(tried => tried.Reason.Length > 0);
        return Missing(
            $"LLamaSharp {LLamaSharpBinding.Release} could not open its llama.cpp library '{file ?? libraries[0]}': {reason ?? Innermost(cause).Message} "
            + Advice(reason ?? ""),
            cause);
    }

    internal static RedisInferException OtherRelease() => new(
        RedisInferErrorCode.NativeAbiMismatch,
        $"This package was built for LLamaSharp {LLamaSharpBinding.Release}, and another build of it is loaded, from '{typeof(LLama.Native.NativeApi).Assembly.Location}'. Releases differ in their structs "
        + $"and in llama.cpp. Reference LLamaSharp {LLamaSharpBinding.Release} and a backend of the same version.");

    internal static RedisInferException OtherBackend(string path) => new(
        RedisInferErrorCode.NativeAbiMismatch,
        $"The llama.cpp library '{path}' is of another release than LLamaSharp {LLamaSharpBinding.Release}: its structs differ. Reference the backend of version {LLamaSharpBinding.Release}.");

    internal static RedisInferException LacksFunction(string path, string name) => new(
        RedisInferErrorCode.NativeAbiMismatch,
        $"The llama.cpp library '{path}' has no function '{name}'. Use the LLamaSharp backend of version {LLamaSharpBinding.Release}, which is that of LLamaSharp.");

    internal static RedisInferException NotAmongModules(IEnumerable<string> files) => new(
        RedisInferErrorCode.NativeLibraryMissing,
        "LLamaSharp has loaded a llama.cpp whose file cannot be told from the other modules of the process. Its name must contain 'llama'. Loaded: "
        + string.Join(", ", files.Select(Path.GetFileName)));

    private static string RuntimeIdentifier
    {
        get
        {
            string system = OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx"
                : System.Runtime.InteropServices.RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl" : "linux";
            return $"{system}-{RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        }
    }

    private static string FileNameOf(string stem) =>
        OperatingSystem.IsWindows() ? stem + ".dll" : OperatingSystem.IsMacOS() ? $"lib{stem}.dylib" : $"lib{stem}.so";

    private static string ReasonOf(string path)
    {
        try
        {
            NativeLibrary.Load(path);
            return "";
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            return exception.Message;
        }
    }

    private static Exception Innermost(Exception exception) => exception.GetBaseException();

    private static string Advice(string reason) =>
        reason.Contains("libgomp", StringComparison.Ordinal)
            ? "The libraries of LLamaSharp's backends need OpenMP: install libgomp (Debian, Ubuntu: apt-get install libgomp1; Alpine: apk add libgomp)."
            : reason.Contains("GLIBC", StringComparison.Ordinal)
                ? "This system's glibc is too old: the libraries need glibc 2.34 (Debian 12, Ubuntu 22.04, RHEL 9 or later)."
                : "Check that the backend is of the version of LLamaSharp and for this platform, and that what it needs is installed.";

    private static RedisInferException Missing(string message, Exception cause) => new(RedisInferErrorCode.NativeLibraryMissing, message, cause);
}
