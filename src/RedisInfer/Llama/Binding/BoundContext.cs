using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Binding;

/// <summary>
/// Owns a <c>llama_context</c>, and what native code points to during its lifetime: the abort signal and the compute threads. Members are
/// called by one thread at a time, with arguments that were checked, and only while the handle is in use.
/// </summary>
public abstract unsafe class BoundContext : SafeHandle
{
    private readonly AbortSignal _signal = new();
    private GCHandle _signalReference;
    private ThreadpoolHandle? _threads;

    /// <summary>Creates the abort signal. The context is created next; if that fails, <see cref="Abandon"/> must be called.</summary>
    protected BoundContext()
        : base(invalidHandleValue: 0, ownsHandle: true) => _signalReference = GCHandle.Alloc(_signal);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <summary><c>llama_n_ctx</c>.</summary>
    public abstract int Cells { get; }

    /// <summary><c>llama_n_batch</c>.</summary>
    public abstract int BatchSize { get; }

    /// <summary>Whether the context keeps anything between batches (<c>llama_get_memory</c>). Encoders do not.</summary>
    public abstract bool HasMemory { get; }

    /// <summary><c>llama_memory_can_shift</c>.</summary>
    public abstract bool CanShift { get; }

    /// <summary>The abort callback of the context (<c>ggml_abort_callback</c>).</summary>
    protected static nint AbortCallback => (nint)(delegate* unmanaged[Cdecl]<void*, byte>)&AbortSignal.Callback;

    /// <summary>What the abort callback is called with.</summary>
    protected nint AbortCallbackData => GCHandle.ToIntPtr(_signalReference);

    /// <summary>The token that stops the decode in progress; none if it must not be stopped.</summary>
    internal CancellationToken Cancellation
    {
        set => _signal.Token = value;
    }

    /// <summary><c>llama_decode</c> of a batch in which each token has one sequence.</summary>
    /// <param name="count">Number of tokens.</param>
    /// <param name="tokens">Token ids.</param>
    /// <param name="positions">Positions.</param>
    /// <param name="sequenceCounts">1 for each token.</param>
    /// <param name="sequences">A pointer to the sequence of each token.</param>
    /// <param name="outputs">1 for each token that asks for output.</param>
    /// <returns>What llama.cpp returns.</returns>
    public abstract int Decode(int count, int* tokens, int* positions, int* sequenceCounts, int** sequences, sbyte* outputs);

    /// <summary><c>llama_get_logits_ith</c>.</summary>
    /// <param name="row">The row.</param>
    /// <returns>The logits; null if there are none.</returns>
    public abstract float* GetLogits(int row);

    /// <summary><c>llama_get_embeddings_seq</c>.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>The embedding; null if there is none.</returns>
    public abstract float* GetEmbedding(int sequence);

    /// <summary><c>llama_synchronize</c>, then <c>llama_memory_clear</c>.</summary>
    /// <param name="data">Whether the cells are overwritten, too.</param>
    public abstract void Clear(bool data);

    /// <summary><c>llama_memory_seq_rm</c>. Only called if the context has a memory, as all that follow.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="start">First position; -1: from the start.</param>
    /// <param name="end">One past the last position; -1: to the end.</param>
    /// <returns>Whether the memory could do it.</returns>
    public abstract bool RemoveSequence(int sequence, int start, int end);

    /// <summary><c>llama_memory_seq_cp</c>.</summary>
    /// <param name="source">The sequence to copy.</param>
    /// <param name="destination">The sequence that gets the positions.</param>
    /// <param name="start">First position; -1: from the start.</param>
    /// <param name="end">One past the last position; -1: to the end.</param>
    public abstract void CopySequence(int source, int destination, int start, int end);

    /// <summary><c>llama_memory_seq_add</c>.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="start">First position.</param>
    /// <param name="end">One past the last position; -1: to the end.</param>
    /// <param name="delta">Distance.</param>
    public abstract void ShiftSequence(int sequence, int start, int end, int delta);

    /// <summary><c>llama_memory_seq_pos_max</c>.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>Its last position; -1 if it is empty.</returns>
    public abstract int GetLastPosition(int sequence);

    /// <summary><c>llama_state_seq_get_size</c>.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <returns>Bytes of its state.</returns>
    public abstract long GetStateSize(int sequence);

    /// <summary><c>llama_state_seq_get_data</c>.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="destination">Receives the state.</param>
    /// <param name="size">Room for that many bytes, enough for the state.</param>
    /// <returns>Bytes written.</returns>
    public abstract long SaveState(int sequence, byte* destination, long size);

    /// <summary><c>llama_state_seq_set_data</c>.</summary>
    /// <param name="sequence">The sequence.</param>
    /// <param name="source">A state that was checked.</param>
    /// <param name="size">Its bytes.</param>
    /// <returns>Bytes read.</returns>
    public abstract long LoadState(int sequence, byte* source, long size);

    /// <summary>Keeps the context alive while it is in use.</summary>
    internal HandleUse Use() => new(this);

    /// <summary>
    /// Creates the compute threads, which end after the context. Without them, llama.cpp starts new threads for every batch. A single compute
    /// thread is the one that decodes: it needs no pool and need not be pinned.
    /// </summary>
    /// <param name="create">The backend's <c>ggml_threadpool_new</c>; 0 if it has none.</param>
    /// <param name="free">The backend's <c>ggml_threadpool_free</c>; 0 if it has none.</param>
    /// <param name="settings">How many threads, and where.</param>
    /// <returns>The <c>ggml_threadpool</c>, for <c>llama_attach_threadpool</c>; 0 if there is none.</returns>
    protected nint CreateThreads(nint create, nint free, ContextSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _threads = settings.Threads > 1 && create != 0 && free != 0 ? ThreadpoolHandle.Create(create, free, settings.Threads, settings.Cpus) : null;
        return _threads?.DangerousGetHandle() ?? 0;
    }

    /// <summary><c>llama_free</c>.</summary>
    protected abstract void Free();

    /// <summary>Frees what belongs to a context that could not be created.</summary>
    protected void Abandon()
    {
        FreeOwned();
        SetHandleAsInvalid();
    }

    /// <inheritdoc/>
    protected sealed override bool ReleaseHandle()
    {
        Free();
        FreeOwned();
        return true;
    }

    private void FreeOwned()
    {
        _threads?.Dispose();
        if (_signalReference.IsAllocated)
        {
            _signalReference.Free();
        }
    }
}
