using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary><c>llama_batch</c> of llama.h, v0.4.0: 56 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct llama_batch
{
    public int n_tokens;
    public int* token;
    public float* embd;
    public int* pos;
    public int* n_seq_id;
    public int** seq_id;
    public sbyte* logits;
}
