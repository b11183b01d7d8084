using Microsoft.Win32.SafeHandles;

namespace RedisInfer.Llama.Interop;

/// <summary>Owns a chain of <c>llama_sampler</c>s. Holds a reference to its model.</summary>
internal sealed class LlamaSamplerHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    private LlamaModelHandle? _model;

    private LlamaSamplerHandle()
        : base(ownsHandle: true)
    {
    }

    /// <summary>Creates an empty chain.</summary>
    /// <param name="model">The model whose vocabulary the chain chooses from. The handle holds one reference to it.</param>
    /// <returns>The handle.</returns>
    internal static LlamaSamplerHandle Create(LlamaModelHandle model)
    {
        var handle = new LlamaSamplerHandle();
        bool added = false;
        model.DangerousAddRef(ref added);
        try
        {
            handle.SetHandle(LlamaNative.llama_sampler_chain_init(LlamaNative.llama_sampler_chain_default_params()));
        }
        finally
        {
            if (handle.IsInvalid)
            {
                model.DangerousRelease();
            }
            else
            {
                handle._model = model;
            }
        }

        return handle;
    }

    /// <summary>Adds a sampler at the end of the chain, which owns it from then on.</summary>
    internal void Add(nint sampler)
    {
        if (sampler == 0)
        {
            throw new OutOfMemoryException("llama.cpp could not create a sampler.");
        }

        LlamaNative.llama_sampler_chain_add(this, sampler);
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_sampler_free(handle);
        _model?.DangerousRelease();
        return true;
    }
}
