using RedisInfer.Errors;

namespace RedisInfer.Llama.Interop;

/// <summary>Error texts for everything that can go wrong while llama.cpp's libraries are opened.</summary>
internal static class NativeErrors
{
    internal static RedisInferException NotFound(IReadOnlyList<string> folders, bool namedByHost) => new(
        RedisInferErrorCode.NativeLibraryMissing,
        $"The llama.cpp library for {NativePlatform.RuntimeIdentifier} was not found. Looked for "
        + $"'{NativePlatform.Prefix}llama*{NativePlatform.Extension}' in: {string.Join(", ", folders)}. "
        + (namedByHost
            ? "Point LlamaOptions.NativeLibraryDirectory to a folder with llama.cpp's shared libraries, or leave it unset to use those of the package."
            : "The RedisInfer package contains it for linux-x64, linux-arm64, osx-x64, osx-arm64, win-x64 and win-arm64. Check that the "
              + "application's output contains the folder 'runtimes', or point LlamaOptions.NativeLibraryDirectory to a llama.cpp "
              + "build of your own."));

    internal static RedisInferException NotOpened(string path, Exception cause) => new(
        RedisInferErrorCode.NativeLibraryMissing,
        $"The llama.cpp library '{path}' could not be opened: {cause.Message} {OpenAdvice(cause.Message)}",
        cause);

    internal static RedisInferException NoBackend(string folder) => new(
        RedisInferErrorCode.NativeLibraryMissing,
        $"llama.cpp found no compute backend in '{folder}'. The folder must contain "
        + $"'{NativePlatform.Prefix}ggml-cpu*{NativePlatform.Extension}' of the same build. The files of the package belong "
        + "together: copy all of them.");

    internal static RedisInferException OtherDirectory(string loaded, string asked) => new(
        RedisInferErrorCode.NativeLibraryMissing,
        $"llama.cpp is already loaded from '{loaded}', and a process can hold one build of it. Set the same "
        + $"LlamaOptions.NativeLibraryDirectory for every LlamaEngine of the process (this one asks for '{asked}').");

    internal static RedisInferException OtherEngine(string first, string asked) => new(
        RedisInferErrorCode.NativeLibraryMissing,
        $"This process has opened the llama.cpp of the engine '{first}', and a process can hold one build of it. Use the same engine for "
        + $"every runtime of the process (this one asks for '{asked}').");

    internal static RedisInferException OtherAbi(string path, string version, IReadOnlyList<string> differences) => new(
        RedisInferErrorCode.NativeAbiMismatch,
        $"The llama.cpp library '{path}' (version {version}) has a different binary interface from v0.4.0, for which this package "
        + $"was built. Differences: {string.Join(", ", differences)}. Use the libraries of the package, or a llama.cpp build of "
        + "v0.4.0 or v0.5.0.");

    private static string OpenAdvice(string message) =>
        message.Contains("GLIBC", StringComparison.Ordinal)
            ? "This system's glibc is too old: the libraries need glibc 2.34 (Debian 12, Ubuntu 22.04, RHEL 9 or later). Use such a "
              + "system, or build llama.cpp here and point LlamaOptions.NativeLibraryDirectory to it."
            : message.Contains("libstdc++", StringComparison.Ordinal)
                ? "Install the C++ runtime (Debian, Ubuntu: libstdc++6)."
                : NativePlatform.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal)
                    ? "The libraries of the package are built for glibc, not for musl. Use a glibc image, or build llama.cpp here and "
                      + "point LlamaOptions.NativeLibraryDirectory to it."
                    : "Check that the file is for this platform and readable, and that the libraries next to it are of the same build.";
}
