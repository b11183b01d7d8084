using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Binding;

/// <summary>
/// Stops a running computation. ggml calls <see cref="Callback"/> between the operations of its graph, on the thread that called
/// <c>llama_decode</c>. Only that thread writes and reads <see cref="Token"/>.
/// </summary>
internal sealed class AbortSignal
{
    /// <summary>The cancellation token of the decode in progress; none if it must not be stopped.</summary>
    internal CancellationToken Token { get; set; }

    /// <summary><c>ggml_abort_callback</c>: 1 stops the computation.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static unsafe byte Callback(void* data)
    {
        var signal = (AbortSignal?)GCHandle.FromIntPtr((nint)data).Target;
        return signal is { Token.IsCancellationRequested: true } ? (byte)1 : (byte)0;
    }
}
