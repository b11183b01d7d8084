using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace RedisInfer.Llama.Interop;

/// <summary>
/// Owns a <c>llama_context</c>, and what native code points to during its lifetime: the abort signal and the compute threads. Holds a
/// reference to its model.
/// </summary>
internal sealed unsafe class LlamaContextHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private LlamaModelHandle? _model;
    private GCHandle _signal;
    private ThreadpoolHandle? _threadpool;

    private LlamaContextHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Creates a context.</summary>
    /// <param name="model">Its model. The handle holds one reference to it until the context is freed.</param>
    /// <param name="parameters">Its parameters. The abort callback is set here.</param>
    /// <param name="signal">The signal that the abort callback reads.</param>
    /// <param name="threadpool">Its compute threads, which end with it; <see langword="null"/>: new threads for every batch.</param>
    /// <returns>The handle; invalid if llama.cpp refused.</returns>
    internal static LlamaContextHandle Create(LlamaModelHandle model, llama_context_params parameters, AbortSignal signal, ThreadpoolHandle? threadpool)
    {
        // The handle is created first and takes each resource as it is created. If anything fails, releasing the handle frees the rest.
        var handle = new LlamaContextHandle();
        bool added = false;
        model.DangerousAddRef(ref added);
        try
        {
            handle._signal = GCHandle.Alloc(signal);
            parameters.abort_callback = &AbortSignal.Callback;
            parameters.abort_callback_data = (void*)GCHandle.ToIntPtr(handle._signal);
            handle._threadpool = threadpool;
            handle.SetHandle(LlamaNative.llama_init_from_model(model, parameters));
            if (!handle.IsInvalid && threadpool is not null)
            {
                nint pool = threadpool.DangerousGetHandle();
                LlamaNative.llama_attach_threadpool(handle, pool, pool);
            }
        }
        finally
        {
            if (handle.IsInvalid)
            {
                handle.FreeOwned();
                model.DangerousRelease();
            }
            else
            {
                handle._model = model;
            }
        }

        return handle;
    }

    /// <summary>Keeps the context alive while a pointer into it is in use.</summary>
    internal HandleUse Use() => new(this);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_free(handle);
        FreeOwned();
        _model?.DangerousRelease();
        return true;
    }

    private void FreeOwned()
    {
        _threadpool?.Dispose();
        if (_signal.IsAllocated)
        {
            _signal.Free();
        }
    }
}
