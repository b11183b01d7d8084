using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace RedisInfer.Redis;

/// <summary>
/// Buffers of one size that do not move, so that native code can read a value in the buffer that received it. Used by a Redis connection as
/// the pool of its answers. Other sizes, which the connection needs for short answers, come from the shared pool. Thread-safe.
/// </summary>
/// <remarks>
/// The buffers are arrays on the pinned heap, not native memory. A command that timed out may still read or fill its buffer. Such a buffer
/// is not returned to the pool; it lives until nothing refers to it.
/// </remarks>
internal sealed class PinnedBufferPool : MemoryPool<byte>
{
    // Size of a cache line: copies from and to the buffer then begin on one.
    private const int Alignment = 64;

    private readonly ConcurrentBag<Memory<byte>> _free = [];
    private readonly int _maxFree;
    private int _freeCount;

    /// <summary>Creates a pool without buffers.</summary>
    /// <param name="bufferBytes">Size of a buffer, in bytes.</param>
    /// <param name="maxFree">Most unused buffers that are kept.</param>
    public PinnedBufferPool(int bufferBytes, int maxFree)
    {
        BufferBytes = bufferBytes;
        _maxFree = maxFree;
    }

    /// <summary>Size of a buffer, in bytes.</summary>
    public int BufferBytes { get; }

    /// <summary>Allocates buffers in advance and touches their pages, because the system provides a page at its first touch.</summary>
    /// <param name="count">Number of buffers; at most as many as are kept when unused.</param>
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
        // The garbage collector frees the buffers when nothing refers to them any more.
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

    /// <summary>One use of a buffer. A second disposal must not return a buffer that is already in use again.</summary>
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
