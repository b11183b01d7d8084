using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// <c>llama_model_kv_override</c> of llama.h, v0.4.0: 264 bytes. Its key is text between the tag and the value, which is a union.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 264)]
internal struct llama_model_kv_override
{
    internal const int KeyOffset = 4;
    internal const int KeyBytes = 128;

    [FieldOffset(0)]
    public int tag;

    [FieldOffset(136)]
    public byte val_bool;
}
