using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary><c>llama_sampler_chain_params</c> of llama.h, v0.4.0: one byte.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct llama_sampler_chain_params
{
    public byte no_perf;
}
