using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Interop;

/// <summary><c>llama_model_params</c> of llama.h, v0.4.0: 80 bytes.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct llama_model_params
{
    public nint* devices;
    public nint tensor_buft_overrides;
    public int n_gpu_layers;
    public int split_mode;
    public int load_mode;
    public int lazy_mode;
    public int main_gpu;
    public float* tensor_split;
    public delegate* unmanaged[Cdecl]<float, void*, byte> progress_callback;
    public void* progress_callback_user_data;
    public nint kv_overrides;
    public byte vocab_only;
    public byte check_tensors;
    public byte use_extra_bufts;
    public byte no_host;
    public byte no_alloc;
    public byte load_mtp;
}
