using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary><c>llama_chat_message</c> of llama.h, v0.4.0.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct llama_chat_message
{
    public byte* role;
    public byte* content;
}
