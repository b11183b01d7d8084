using System.Buffers;

namespace RedisInfer.KvBlocks;

/// <summary>
/// Memory for one state on its way to a store. The caller that rents it saves it or disposes of it, and does not use it afterwards.
/// </summary>
internal sealed class KvBuffer(IMemoryOwner<byte> memory, int stateBytes, Action onReturn) : IDisposable
{
    private IMemoryOwner<byte>? _memory = memory;

    /// <summary>The memory that the engine writes the state to. It never moves.</summary>
    public Span<byte> State => Record(stateBytes).Span[KvEnvelope.HeaderBytes..^KvEnvelope.TagBytes];

    /// <summary>The record around a state of <paramref name="length"/> bytes at the beginning of <see cref="State"/>.</summary>
    public Memory<byte> Record(int length)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, stateBytes);
        IMemoryOwner<byte>? memory = _memory;
        ObjectDisposedException.ThrowIf(memory is null, this);
        return memory.Memory[..(length + KvEnvelope.OverheadBytes)];
    }

    /// <summary>Gives the buffer back.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _memory, null) is { } memory)
        {
            memory.Dispose();
            onReturn();
        }
    }

    /// <summary>
    /// Allows another buffer to be rented, and leaves the memory to the garbage collector: a command that timed out may still be sent, and
    /// then reads the memory.
    /// </summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref _memory, null) is not null)
            onReturn();
    }
}
