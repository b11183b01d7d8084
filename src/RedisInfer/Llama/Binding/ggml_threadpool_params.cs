using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Binding;

/// <summary>Parameters of a threadpool, as in ggml.h.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct ggml_threadpool_params
{
    internal const int GGML_MAX_N_THREADS = 512;

    internal fixed byte cpumask[GGML_MAX_N_THREADS];
    internal int n_threads;
    internal int prio;
    internal uint poll;
    internal byte strict_cpu;
    internal byte paused;
}
