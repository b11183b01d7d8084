using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// <c>llama_model_kv_override</c> of llama.h, v0.4.0: 264 bytes. Its key is text of 128 bytes after the tag, and its value is a union.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 264)]
internal struct llama_model_kv_override
{
    [FieldOffset(0)]
    public int tag;

    [FieldOffset(4)]
    public byte key;

    [FieldOffset(136)]
    public byte val_bool;
}
