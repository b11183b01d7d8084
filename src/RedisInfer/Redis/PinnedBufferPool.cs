using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Redis;

/// <summary>
/// Buffers of one size that never move, so that native code can read what was received where it was received. Given to a Redis connection
/// as the pool of its answers; other sizes, which that connection needs for short answers, come from the shared pool. Thread-safe.
/// </summary>
/// <remarks>
/// Arrays on the pinned heap and not native memory: a command that timed out may still read or fill its buffer, which is then dropped, not
/// returned, and lives until nothing refers to it.
/// </remarks>
internal sealed class PinnedBufferPool : MemoryPool<byte>
{
    // A cache line: copies from and to the buffer then begin on one.
    private const int Alignment = 64;

    private readonly ConcurrentBag<Memory<byte>> _free = [];
    private readonly int _maxFree;
    private int _freeCount;

    /// <summary>Creates a pool without buffers.</summary>
    /// <param name="bufferBytes">Size of a buffer.</param>
    /// <param name="maxFree">Buffers that are kept when nobody uses them.</param>
    public PinnedBufferPool(int bufferBytes, int maxFree)
    {
        BufferBytes = bufferBytes;
        _maxFree = maxFree;
    }

    /// <summary>Size of a buffer.</summary>
    public int BufferBytes { get; }

    /// <summary>Makes buffers ahead of their use, and touches their pages, which the system hands out at the first touch.</summary>
    /// <param name="count">How many; those that are kept when unused at most.</param>
    public void Prepare(int count)
    {
        for (int i = 0; i < Math.Min(count, _maxFree); i++)
        {
            Memory<byte> buffer = Allocate();
            buffer.Span.Clear();
            Return(buffer);
        }
    }

    /// <inheritdoc/>
    public override int MaxBufferSize => int.MaxValue;

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        if (minBufferSize > BufferBytes || minBufferSize <= BufferBytes / 2)
            return Shared.Rent(minBufferSize);

        if (_free.TryTake(out Memory<byte> buffer))
            Interlocked.Decrement(ref _freeCount);
        else
            buffer = Allocate();
        return new Rental(this, buffer);
    }

    protected override void Dispose(bool disposing)
    {
        // The garbage collector has the buffers as soon as nobody refers to them.
    }

    private Memory<byte> Allocate()
    {
        byte[] array = GC.AllocateUninitializedArray<byte>(BufferBytes + Alignment - 1, pinned: true);
        nuint address = AddressOf(array);
        int skip = (int)((Alignment - (address % Alignment)) % Alignment);
        return MemoryMarshal.CreateFromPinnedArray(array, skip, BufferBytes);
    }

    private static unsafe nuint AddressOf(byte[] pinned) => (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(pinned));

    private void Return(Memory<byte> buffer)
    {
        if (Interlocked.Increment(ref _freeCount) > _maxFree)
            Interlocked.Decrement(ref _freeCount);
        else
            _free.Add(buffer);
    }

    /// <summary>One use of a buffer, so that a second disposal cannot return what somebody else has by then.</summary>
    private sealed class Rental(PinnedBufferPool pool, Memory<byte> buffer) : IMemoryOwner<byte>
    {
        private int _returned;

        public Memory<byte> Memory
        {
            get
            {
                ObjectDisposedException.ThrowIf(_returned != 0, this);
                return buffer;
            }
        }

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
                pool.Return(buffer);
        }
    }
}
