using RedisInfer.KvBlocks;

namespace RedisInfer.Tests.Unit.KvBlocks;

public sealed class KvBlockPoolTests
{
    private static readonly KvIdentity Identity = new([], "model", "");

    [Fact]
    public void FullPoolEvictsTheLeastRecentlyUsedAndTheDeeperBlocksOfAChainFirst()
    {
        using var pool = new KvBlockPool(40);
        KvChain first = Chain(1, 1, 1, 1);
        KvChain second = Chain(2, 2);
        Add(pool, first, 4);
        pool.Touch(first, 4);
        Add(pool, second, 1);

        Assert.Equal(3, pool.CountHeld(first));
        Assert.Equal(1, pool.CountHeld(second));
        Assert.Equal(40, pool.Bytes);

        pool.Touch(first, 3);
        Add(pool, second, 2);

        Assert.Equal(3, pool.CountHeld(first));
        Assert.Equal(0, pool.CountHeld(second)); // its first block was the least recently used
        Assert.True(pool.Holds(second.Blocks[1]));
    }

    [Fact]
    public void BlockIsFoundWithItsStateUntilItIsEvicted()
    {
        KvChain chain = Chain(1);
        var buffer = new NativeBuffer(10);
        buffer.Memory.Span.Fill(7);
        var pool = new KvBlockPool(10);
        pool.Add(chain.Blocks[0], buffer.Memory, buffer);

        Assert.True(pool.TryFind(chain.Blocks[0], out ReadOnlyMemory<byte> state));
        Assert.Equal([7, 7, 7, 7, 7, 7, 7, 7, 7, 7], state.ToArray());
        pool.Dispose();

        Assert.False(pool.TryFind(chain.Blocks[0], out _));
        Assert.Equal(0, pool.Bytes);
        Assert.Throws<ObjectDisposedException>(() => buffer.Memory.Span.Length);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(9)]
    public void BlockThatNeverFitsIsFreedAtOnce(long maxBytes)
    {
        using var pool = new KvBlockPool(maxBytes);
        var buffer = new NativeBuffer(10);

        pool.Add(Chain(1).Blocks[0], buffer.Memory, buffer);

        Assert.Equal(0, pool.Bytes);
        Assert.Throws<ObjectDisposedException>(() => buffer.Memory.Span.Length);
    }

    private static KvChain Chain(params int[] tokens) => KvChain.Cut(Identity, tokens, [tokens.Length], maxBlockTokens: 1);

    private static void Add(KvBlockPool pool, KvChain chain, int count)
    {
        foreach (KvBlock block in chain.Blocks.Take(count))
        {
            var buffer = new NativeBuffer(10);
            pool.Add(block, buffer.Memory, buffer);
        }
    }
}
