using System.Text;
using Microsoft.Win32.SafeHandles;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// Owns a <c>ggml_threadpool</c>: the compute threads of one context. Without one, llama.cpp starts new threads for every batch.
/// </summary>
internal sealed unsafe class ThreadpoolHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    // How long a thread spins for more work before it sleeps, in units of some milliseconds. It is longer than it takes to choose tokens
    // between two batches. It is short enough to leave the CPU to the host after the last batch.
    private const uint Poll = 1;

    private readonly delegate* unmanaged[Cdecl]<nint, void> _free;

    private ThreadpoolHandle(nint pool, delegate* unmanaged[Cdecl]<nint, void> free)
        : base(ownsHandle: true)
    {
        _free = free;
        SetHandle(pool);
    }

    /// <summary>Starts the threads.</summary>
    /// <param name="threads">Number of compute threads, including the one that calls decode; at least 1.</param>
    /// <param name="cpus">
    /// CPUs to pin the threads to, one each. The thread that decodes is pinned at its first batch. Empty: the system places the threads.
    /// </param>
    /// <returns>The pool; <see langword="null"/> if this build of ggml has none.</returns>
    internal static ThreadpoolHandle? Create(int threads, IReadOnlyList<int> cpus)
    {
        var create = (delegate* unmanaged[Cdecl]<ggml_threadpool_params*, nint>)Find("ggml_threadpool_new");
        var free = (delegate* unmanaged[Cdecl]<nint, void>)Find("ggml_threadpool_free");
        if (create == null || free == null)
        {
            return null;
        }

        // Paused until the first batch. Otherwise the thread that creates the pool is pinned instead of the thread that decodes.
        var parameters = new ggml_threadpool_params { n_threads = threads, poll = Poll, paused = 1 };
        if (cpus.Count >= threads && cpus[^1] < ggml_threadpool_params.GGML_MAX_N_THREADS)
        {
            parameters.strict_cpu = 1;
            foreach (int cpu in cpus)
            {
                parameters.cpumask[cpu] = 1;
            }
        }

        nint pool = create(&parameters);
        return pool == 0 ? null : new ThreadpoolHandle(pool, free);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }

    // The CPU backend variant that was chosen at run time creates the pool. It exports nothing by name.
    private static nint Find(string function)
    {
        fixed (byte* cpu = "CPU\0"u8, name = Encoding.UTF8.GetBytes(function + "\0"))
        {
            nint backend = GgmlNative.ggml_backend_reg_by_name(cpu);
            return backend == 0 ? 0 : GgmlNative.ggml_backend_reg_get_proc_address(backend, name);
        }
    }
}
