using System.Runtime.InteropServices;

namespace RedisInfer.Llama.Binding;

/// <summary>Keeps a handle open for the duration of a <c>using</c>, for calls that take a pointer owned by the handle.</summary>
internal readonly ref struct HandleUse
{
    private readonly SafeHandle _handle;

    /// <summary>Takes a reference.</summary>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    internal HandleUse(SafeHandle handle)
    {
        bool added = false;
        handle.DangerousAddRef(ref added);
        _handle = handle;
    }

    public void Dispose() => _handle.DangerousRelease();
}
