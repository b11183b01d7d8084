using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// The environment that native code sees. .NET keeps a copy of its own on Unix: <see cref="Environment.SetEnvironmentVariable(string, string?)"/>
/// does not reach <c>getenv</c>.
/// </summary>
internal static partial class ProcessEnvironment
{
    /// <summary>Settles what llama.cpp would otherwise take from outside. To be called before its libraries are opened.</summary>
    internal static void Settle()
    {
        // A failed assertion would start a debugger on this process to print its stack.
        Set("GGML_NO_BACKTRACE", "1");

        // Would load a library from any path that happens to stand there.
        Set("GGML_BACKEND_PATH", null);

        // Changes how keys are stored: KV states of two processes would look alike and not be.
        Set("LLAMA_ATTN_ROT_DISABLE", null);
    }

    private static void Set(string name, string? value)
    {
        if (OperatingSystem.IsWindows())
        {
            // Libraries with a C runtime of their own copy the process's variables when they are loaded; those that share the
            // system's see only what went through it.
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
