using LLama.Exceptions;
using LLama.Native;
using RedisInfer.Llama.Binding;

namespace RedisInfer.LLamaSharp;

/// <summary>A context of LLamaSharp, which holds a reference to its model.</summary>
internal sealed unsafe class SharpContext : BoundContext
{
    private readonly LoadedLibrary _library;
    private SafeLLamaContextHandle? _context;

    // llama_memory_t, owned by the context; 0 for encoders.
    private nint _memory;

    private SharpContext(LoadedLibrary library) => _library = library;

    public override int Cells => (int)Context.ContextSize;

    public override int BatchSize => (int)Context.BatchSize;

    public override bool HasMemory => _memory != 0;

    public override bool CanShift => Context.MemoryCanShift;

    /// <summary>LLamaSharp's handle.</summary>
    internal SafeLLamaContextHandle Context => _context!;

    /// <summary>Creates a context.</summary>
    /// <returns>The context; <see langword="null"/> if llama.cpp refused.</returns>
    internal static SharpContext? Create(SharpModel model, LoadedLibrary library, ContextSettings settings)
    {
        var context = new SharpContext(library);
        try
        {
            nint threads = context.CreateThreads(library.NewThreads, library.FreeThreads, settings);
            context._context = SafeLLamaContextHandle.Create(model.Model, context.ToParameters(settings, model.UsesGpu));
            context.SetHandle(context._context.DangerousGetHandle());
            if (!context.IsInvalid && threads != 0)
            {
                library.AttachThreads(context.handle, threads, threads);
            }
        }
        catch (RuntimeError)
        {
            // LLamaSharp's word for a context that llama.cpp refused.
        }
        finally
        {
            if (context.IsInvalid)
            {
                if (context._context is not null)
                {
                    // LLamaSharp has counted a reference to the model, which an invalid handle never gives back.
                    context._context.Dispose();
                    model.Model.DangerousRelease();
                }

                context.Abandon();
            }
            else
            {
                context._memory = library.GetMemory(context.handle);
            }
        }

        return context.IsInvalid ? null : context;
    }

    public override int Decode(int count, int* tokens, int* positions, int* sequenceCounts, int** sequences, sbyte* outputs) =>
        _library.Decode(handle, new LLamaNativeBatch
        {
            n_tokens = count,
            tokens = (LLamaToken*)tokens,
            pos = (LLamaPos*)positions,
            n_seq_id = sequenceCounts,
            seq_id = (LLamaSeqId**)sequences,
            logits = (byte*)outputs,
        });

    public override float* GetLogits(int row) => _library.GetLogits(handle, row);

    public override float* GetEmbedding(int sequence) => _library.GetEmbedding(handle, sequence);

    public override void Clear(bool data)
    {
        _library.Synchronize(handle);
        Context.MemoryClear(data);
    }

    public override bool RemoveSequence(int sequence, int start, int end) =>
        NativeApi.llama_memory_seq_rm(_memory, (LLamaSeqId)sequence, start, end);

    public override void CopySequence(int source, int destination, int start, int end) =>
        Context.MemorySequenceCopy((LLamaSeqId)source, (LLamaSeqId)destination, start, end);

    public override void ShiftSequence(int sequence, int start, int end, int delta) =>
        Context.MemorySequenceAdd((LLamaSeqId)sequence, start, end, delta);

    public override int GetLastPosition(int sequence) => (int)Context.MemorySequenceMaxPosition((LLamaSeqId)sequence);

    public override long GetStateSize(int sequence) => checked((long)Context.GetStateSize((LLamaSeqId)sequence));

    public override long SaveState(int sequence, byte* destination, long size) =>
        checked((long)Context.GetState(destination, (nuint)size, (LLamaSeqId)sequence));

    public override long LoadState(int sequence, byte* source, long size) =>
        checked((long)Context.SetState(source, (nuint)size, (LLamaSeqId)sequence));

    protected override void Free() => _context!.Dispose();

    private LLamaContextParams ToParameters(ContextSettings settings, bool usesGpu)
    {
        GGMLType kvType = settings.KvType == KvType.Q8_0 ? GGMLType.GGML_TYPE_Q8_0 : GGMLType.GGML_TYPE_F16;
        LLamaContextParams parameters = LLamaContextParams.Default();
        parameters.n_ctx = (uint)settings.Cells;
        parameters.n_batch = (uint)settings.BatchSize;
        parameters.n_ubatch = (uint)settings.MicroBatchSize;
        parameters.n_seq_max = (uint)settings.Sequences;
        parameters.n_outputs_max = (uint)settings.OutputRows;
        parameters.n_threads = settings.Threads;
        parameters.n_threads_batch = settings.Threads;
        parameters.llama_flash_attn_type = settings.FlashAttention
            ? LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_AUTO
            : LLamaFlashAttentionType.LLAMA_FLASH_ATTENTION_TYPE_DISABLED;
        parameters.type_k = kvType;
        parameters.type_v = kvType;
        parameters.embeddings = settings.Embeddings;
        parameters.llama_pooling_type = settings.Ranking ? LLamaPoolingType.Rank : parameters.llama_pooling_type;
        parameters.kv_unified = settings.SharedCells;
        parameters.abort_callback = AbortCallback;
        parameters.abort_callback_user_data = AbortCallbackData;

        // Without layers on a GPU, nothing is computed there: neither large batches nor attention.
        parameters.offload_kqv = usesGpu;
        parameters.op_offload = usesGpu;
        return parameters;
    }
}
