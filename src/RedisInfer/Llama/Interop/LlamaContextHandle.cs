using System.Text;
using RedisInfer.Llama.Binding;

namespace RedisInfer.Llama.Interop;

/// <summary>A <c>llama_context</c>. Holds a reference to its model.</summary>
internal sealed unsafe class LlamaContextHandle : BoundContext
{
    private LlamaModelHandle? _model;

    // llama_memory_t, owned by the context; 0 for encoders.
    private nint _memory;

    private LlamaContextHandle()
    {
    }

    public override int Cells => (int)LlamaNative.llama_n_ctx(this);

    public override int BatchSize => (int)LlamaNative.llama_n_batch(this);

    public override bool HasMemory => _memory != 0;

    public override bool CanShift => LlamaNative.llama_memory_can_shift(_memory) != 0;

    /// <summary>Creates a context.</summary>
    /// <returns>The handle; <see langword="null"/> if llama.cpp refused.</returns>
    internal static LlamaContextHandle? Create(LlamaModelHandle model, ContextSettings settings)
    {
        // The handle is created first and takes each resource as it is created. If anything fails, the rest is freed.
        var handle = new LlamaContextHandle();
        bool added = false;
        model.DangerousAddRef(ref added);
        try
        {
            nint threads = handle.CreateThreads(FindInCpu("ggml_threadpool_new"), FindInCpu("ggml_threadpool_free"), settings);
            handle.SetHandle(LlamaNative.llama_init_from_model(model, handle.ToParameters(settings)));
            if (!handle.IsInvalid && threads != 0)
            {
                LlamaNative.llama_attach_threadpool(handle, threads, threads);
            }
        }
        finally
        {
            if (handle.IsInvalid)
            {
                handle.Abandon();
                model.DangerousRelease();
            }
            else
            {
                handle._model = model;
                handle._memory = LlamaNative.llama_get_memory(handle);
            }
        }

        return handle._model is null ? null : handle;
    }

    public override int Decode(int count, int* tokens, int* positions, int* sequenceCounts, int** sequences, sbyte* outputs) =>
        LlamaNative.llama_decode(this, new llama_batch
        {
            n_tokens = count,
            token = tokens,
            pos = positions,
            n_seq_id = sequenceCounts,
            seq_id = sequences,
            logits = outputs,
        });

    public override float* GetLogits(int row) => LlamaNative.llama_get_logits_ith(this, row);

    public override float* GetEmbedding(int sequence) => LlamaNative.llama_get_embeddings_seq(this, sequence);

    public override void Clear(bool data)
    {
        LlamaNative.llama_synchronize(this);
        LlamaNative.llama_memory_clear(_memory, data: data ? (byte)1 : (byte)0);
    }

    public override bool RemoveSequence(int sequence, int start, int end) =>
        LlamaNative.llama_memory_seq_rm(_memory, sequence, start, end) != 0;

    public override void CopySequence(int source, int destination, int start, int end) =>
        LlamaNative.llama_memory_seq_cp(_memory, source, destination, start, end);

    public override void ShiftSequence(int sequence, int start, int end, int delta) =>
        LlamaNative.llama_memory_seq_add(_memory, sequence, start, end, delta);

    public override int GetLastPosition(int sequence) => LlamaNative.llama_memory_seq_pos_max(_memory, sequence);

    public override long GetStateSize(int sequence) => checked((long)LlamaNative.llama_state_seq_get_size(this, sequence));

    public override long SaveState(int sequence, byte* destination, long size) =>
        checked((long)LlamaNative.llama_state_seq_get_data(this, destination, (nuint)size, sequence));

    public override long LoadState(int sequence, byte* source, long size) =>
        checked((long)LlamaNative.llama_state_seq_set_data(this, source, (nuint)size, sequence));

    protected override void Free()
    {
        LlamaNative.llama_free(handle);
        _model?.DangerousRelease();
    }

    private llama_context_params ToParameters(ContextSettings settings)
    {
        int kvType = settings.KvType == KvType.Q8_0 ? LlamaConstants.GGML_TYPE_Q8_0 : LlamaConstants.GGML_TYPE_F16;
        llama_context_params parameters = LlamaNative.llama_context_default_params();
        parameters.n_ctx = (uint)settings.Cells;
        parameters.n_batch = (uint)settings.BatchSize;
        parameters.n_ubatch = (uint)settings.MicroBatchSize;
        parameters.n_seq_max = (uint)settings.Sequences;
        parameters.n_outputs_max = (uint)settings.OutputRows;
        parameters.n_threads = settings.Threads;
        parameters.n_threads_batch = settings.Threads;
        parameters.flash_attn_type = settings.FlashAttention ? LlamaConstants.LLAMA_FLASH_ATTN_TYPE_AUTO : LlamaConstants.LLAMA_FLASH_ATTN_TYPE_DISABLED;
        parameters.type_k = kvType;
        parameters.type_v = kvType;
        parameters.embeddings = settings.Embeddings ? (byte)1 : (byte)0;
        parameters.pooling_type = settings.Ranking ? LlamaConstants.LLAMA_POOLING_TYPE_RANK : parameters.pooling_type;
        parameters.kv_unified = settings.SharedCells ? (byte)1 : (byte)0;
        parameters.abort_callback = (delegate* unmanaged[Cdecl]<void*, byte>)AbortCallback;
        parameters.abort_callback_data = (void*)AbortCallbackData;
        return parameters;
    }

    // The variant of the CPU backend that was chosen at run time exports nothing by name.
    private static nint FindInCpu(string function)
    {
        fixed (byte* cpu = "CPU\0"u8, name = Encoding.UTF8.GetBytes(function + "\0"))
        {
            nint backend = GgmlNative.ggml_backend_reg_by_name(cpu);
            return backend == 0 ? 0 : GgmlNative.ggml_backend_reg_get_proc_address(backend, name);
        }
    }
}
