using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

internal static unsafe partial class LlamaNative
{
    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial nuint llama_state_seq_get_size(LlamaContextHandle ctx, int seq_id);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial nuint llama_state_seq_get_data(LlamaContextHandle ctx, byte* dst, nuint size, int seq_id);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial nuint llama_state_seq_set_data(LlamaContextHandle ctx, byte* src, nuint size, int dest_seq_id);
}
