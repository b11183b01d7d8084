using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary>The functions of ggml-backend.h that are used here. They live in libggml.</summary>
internal static unsafe partial class GgmlNative
{
    /// <summary>Name under which <see cref="LlamaLibrary"/> resolves libggml.</summary>
    internal const string Library = "redisinfer-ggml";

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial void ggml_backend_load_all_from_path(byte* dir_path);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial nuint ggml_backend_dev_count();
}
