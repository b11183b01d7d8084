using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Llama;

/// <summary>Receives the callbacks of llama.cpp while it loads a model.</summary>
internal sealed class LoadProgress(IProgress<float>? progress, CancellationToken cancellationToken)
{
    /// <summary>The exception of the progress receiver, which stopped the load.</summary>
    internal Exception? Failure { get; private set; }

    /// <summary><c>llama_progress_callback</c>: 0 stops the load.</summary>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    internal static unsafe byte Callback(float share, void* data) =>
        GCHandle.FromIntPtr((nint)data).Target is LoadProgress load && load.Continue(share) ? (byte)1 : (byte)0;

    private bool Continue(float share)
    {
        // No exception may cross native frames.
        try
        {
            progress?.Report(Math.Clamp(share, 0f, 1f));
        }
        catch (Exception exception)
        {
            Failure = exception;
            return false;
        }

        return !cancellationToken.IsCancellationRequested;
    }
}
