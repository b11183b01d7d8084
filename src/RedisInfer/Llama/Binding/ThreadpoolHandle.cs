using Microsoft.Win32.SafeHandles;

namespace RedisInfer.Llama.Binding;

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
    /// <param name="create">The backend's <c>ggml_threadpool_new</c>. It is that of the CPU backend that was chosen at run time.</param>
    /// <param name="free">The backend's <c>ggml_threadpool_free</c>.</param>
    /// <param name="threads">Number of compute threads, including the one that calls decode; at least 1.</param>
    /// <param name="cpus">
    /// CPUs to pin the threads to, one each. The thread that decodes is pinned at its first batch. Empty: the system places the threads.
    /// </param>
    /// <returns>The pool; <see langword="null"/> if its threads could not be started.</returns>
    internal static ThreadpoolHandle? Create(nint create, nint free, int threads, IReadOnlyList<int> cpus)
    {
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

        nint pool = ((delegate* unmanaged[Cdecl]<ggml_threadpool_params*, nint>)create)(&parameters);
        return pool == 0 ? null : new ThreadpoolHandle(pool, (delegate* unmanaged[Cdecl]<nint, void>)free);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        _free(handle);
        return true;
    }
}
