using Microsoft.Win32.SafeHandles;

namespace RedisInfer.Llama.Interop;

/// <summary>Owns a <c>llama_model</c>. Contexts and samplers hold a reference, so the model is freed after the last of them.</summary>
internal sealed class LlamaModelHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
{
    /// <summary>Sets the model that was just loaded.</summary>
    internal void Initialize(nint model) => SetHandle(model);

    /// <summary>Keeps the model alive while a pointer into it is in use.</summary>
    internal HandleUse Use() => new(this);

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        LlamaNative.llama_model_free(handle);
        return true;
    }
}
