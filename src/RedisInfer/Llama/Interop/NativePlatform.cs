using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary>How native libraries are named on the platform that this process runs on.</summary>
internal static class NativePlatform
{
    /// <summary>The portable runtime identifier, for example <c>linux-x64</c>: the folder under <c>runtimes</c>.</summary>
    internal static string RuntimeIdentifier { get; } = $"{OperatingSystemName}-{ArchitectureName}";

    /// <summary>Prefix of a library's file name.</summary>
    internal static string Prefix { get; } = OperatingSystem.IsWindows() ? "" : "lib";

    /// <summary>Extension of a library's file name.</summary>
    internal static string Extension { get; } =
        OperatingSystem.IsWindows() ? ".dll" : OperatingSystem.IsMacOS() ? ".dylib" : ".so";

    private static string OperatingSystemName =>
        OperatingSystem.IsWindows() ? "win"
        : OperatingSystem.IsMacOS() ? "osx"
        : RuntimeInformation.RuntimeIdentifier.Contains("musl", StringComparison.Ordinal) ? "linux-musl"
        : "linux";

    private static string ArchitectureName => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => "x64",
        Architecture.Arm64 => "arm64",
        Architecture other => other.ToString().ToLowerInvariant(),
    };
}
