using System.Buffers;

namespace RedisInfer.KvBlocks;

/// <summary>Room for one state on its way to Redis. Whoever rents it saves it or disposes of it, and then lets go of it.</summary>
internal sealed class KvBuffer(IMemoryOwner<byte> memory, int stateBytes, Action onReturn) : IDisposable
{
    private IMemoryOwner<byte>? _memory = memory;

    /// <summary>Where the engine writes the state; never moves.</summary>
    public Span<byte> State => Record(stateBytes).Span[KvEnvelope.HeaderBytes..^KvEnvelope.TagBytes];

    /// <summary>The record around a state that takes the first bytes of <see cref="State"/>.</summary>
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
    /// Lets another take this one's turn, and leaves the memory to the garbage collector: a command that timed out may still be sent, and
    /// reads it then.
    /// </summary>
    public void Abandon()
    {
        if (Interlocked.Exchange(ref _memory, null) is not null)
            onReturn();
    }
}
