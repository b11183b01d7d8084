using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary>The functions of ggml-backend.h that are used here. They are in libggml and libggml-base.</summary>
internal static unsafe partial class GgmlNative
{
    /// <summary>Name under which <see cref="LlamaLibrary"/> resolves libggml.</summary>
    internal const string Library = "redisinfer-ggml";

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial void ggml_backend_load_all_from_path(byte* dir_path);

    /// <summary>Name under which <see cref="LlamaLibrary"/> resolves libggml-base.</summary>
    internal const string BaseLibrary = "redisinfer-ggml-base";

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial nuint ggml_backend_dev_count();

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial nint ggml_backend_reg_by_name(byte* name);

    [LibraryImport(BaseLibrary)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial nint ggml_backend_reg_get_proc_address(nint reg, byte* name);
}
