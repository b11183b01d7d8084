using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// The environment that native code sees. On Unix, .NET keeps a copy of its own:
/// <see cref="Environment.SetEnvironmentVariable(string, string?)"/> does not reach <c>getenv</c>.
/// </summary>
internal static partial class ProcessEnvironment
{
    /// <summary>
    /// Sets fixed values for what llama.cpp would otherwise take from outside. Must be called before its libraries are opened.
    /// </summary>
    internal static void Settle()
    {
        // Otherwise a failed assertion starts a debugger on this process to print its stack.
        Set("GGML_NO_BACKTRACE", "1");

        // Otherwise llama.cpp loads a library from any path that this variable happens to hold.
        Set("GGML_BACKEND_PATH", null);

        // This variable changes how keys are stored. KV states of two processes would then look the same but differ.
        Set("LLAMA_ATTN_ROT_DISABLE", null);
    }

    private static void Set(string name, string? value)
    {
        if (OperatingSystem.IsWindows())
        {
            // A library with its own C runtime copies the variables of the process when it is loaded. A library that shares the system's C
            // runtime sees only what was set through that runtime.
            Environment.SetEnvironmentVariable(name, value);
            _ = _putenv_s(name, value ?? "");
        }
        else if (value is null)
        {
            _ = unsetenv(name);
        }
        else
        {
            _ = setenv(name, value, overwrite: 1);
        }
    }

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int setenv(string name, string value, int overwrite);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int unsetenv(string name);

    [LibraryImport("ucrtbase.dll", StringMarshalling = StringMarshalling.Utf8)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    private static partial int _putenv_s(string name, string value);
}
