using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

internal static unsafe partial class LlamaNative
{
    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial llama_batch llama_batch_get_one(int* tokens, int n_tokens);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int llama_decode(LlamaContextHandle ctx, llama_batch batch);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial float* llama_get_logits_ith(LlamaContextHandle ctx, int i);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial float* llama_get_embeddings_seq(LlamaContextHandle ctx, int seq_id);
}
