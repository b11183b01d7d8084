using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using RedisInfer.Redis;

namespace RedisInfer.Tests.Unit.Redis;

public sealed class PinnedBufferPoolTests
{
    private const int Size = 100_000;

    [Theory]
    [InlineData(Size)]
    [InlineData(Size - 1)]
    [InlineData((Size / 2) + 1)]
    public void BufferIsReusedForEverythingItIsTheRightSizeFor(int size)
    {
        using var pool = new PinnedBufferPool(Size, maxFree: 2);
        nuint first = AddressOf(pool, Size, out IMemoryOwner<byte> owner);
        owner.Dispose();

        Assert.Equal(first, AddressOf(pool, size, out IMemoryOwner<byte> again));
        Assert.Equal(Size, again.Memory.Length);
        Assert.Equal(0u, first % 64);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(Size / 2)]
    [InlineData(Size + 1)]
    public void OtherSizesTakeNoBuffer(int size)
    {
        using var pool = new PinnedBufferPool(Size, maxFree: 2);
        nuint buffer = AddressOf(pool, Size, out IMemoryOwner<byte> owner);
        owner.Dispose();

        Assert.NotEqual(buffer, AddressOf(pool, size, out IMemoryOwner<byte> other));
        Assert.True(other.Memory.Length >= Math.Max(1, size));
    }

    [Fact]
    public void SecondDisposalReturnsNothing()
    {
        using var pool = new PinnedBufferPool(Size, maxFree: 4);
        IMemoryOwner<byte> owner = pool.Rent(Size);
        owner.Dispose();
        owner.Dispose();

        Assert.NotEqual(AddressOf(pool, Size, out _), AddressOf(pool, Size, out _));
        Assert.Throws<ObjectDisposedException>(() => owner.Memory);
    }

    [Fact]
    public void NoMoreBuffersAreKeptThanAllowed()
    {
        using var pool = new PinnedBufferPool(Size, maxFree: 1);
        nuint first = AddressOf(pool, Size, out IMemoryOwner<byte> one);
        nuint second = AddressOf(pool, Size, out IMemoryOwner<byte> two);
        two.Memory.Span[0] = 77;
        one.Dispose();
        two.Dispose();

        Assert.Equal(first, AddressOf(pool, Size, out _));
        Assert.NotEqual(second, first);
        AddressOf(pool, Size, out IMemoryOwner<byte> fresh);
        Assert.NotSame(two, fresh);
    }

    private static unsafe nuint AddressOf(PinnedBufferPool pool, int size, out IMemoryOwner<byte> owner)
    {
        owner = pool.Rent(size);
        return (nuint)Unsafe.AsPointer(ref MemoryMarshal.GetReference(owner.Memory.Span));
    }
}
