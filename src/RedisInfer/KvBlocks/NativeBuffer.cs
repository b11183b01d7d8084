using System.Buffers;
using System.Runtime.InteropServices;

namespace RedisInfer.KvBlocks;

/// <summary>Memory outside the managed heap, of exactly one size. Only disposal frees it.</summary>
internal sealed unsafe class NativeBuffer : MemoryManager<byte>
{
    private readonly int _length;
    private void* _memory;

    /// <summary>Allocates memory, with any content.</summary>
    public NativeBuffer(int length)
    {
        _length = length;
        _memory = NativeMemory.Alloc((nuint)length);
    }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_memory == null, this);
        return new Span<byte>(_memory, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_memory == null, this);
        return new MemoryHandle((byte*)_memory + elementIndex);
    }

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        NativeMemory.Free(_memory);
        _memory = null;
    }
}
