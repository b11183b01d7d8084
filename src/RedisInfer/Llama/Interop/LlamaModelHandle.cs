using Microsoft.Win32.SafeHandles;

namespace RedisInfer.Llama.Interop;

/// <summary>Owns a <c>llama_model</c>. Contexts and samplers hold a reference, so it is freed after the last of them.</summary>
internal sealed class LlamaModelHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>Publishes a model that was just loaded.</summary>
    internal void Initialize(nint model) => SetHandle(model);

    /// <summary>Keeps the model while a pointer into it is in use.</summary>
    internal HandleUse Use() => new(this);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_model_free(handle);
        return true;
    }
}
