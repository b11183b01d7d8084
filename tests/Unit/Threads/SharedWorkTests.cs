using System.Collections.Concurrent;
using RedisInfer.Threads;

namespace RedisInfer.Tests.Unit.Threads;

public sealed class SharedWorkTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public void EachItemIsDoneOnce(int count)
    {
        int[] items = [.. Enumerable.Range(0, count)];
        var done = new ConcurrentBag<int>();

        new SharedWork<int>(items, done.Add).Run();

        Assert.Equal(items, done.Order());
    }

    [Fact]
    public void ErrorReachesTheCallerAfterTheOtherItemsAreDone()
    {
        int done = 0;
        var work = new SharedWork<int>([.. Enumerable.Range(0, 20)], i =>
        {
            if (i == 3)
                throw new InvalidOperationException("three");
            Interlocked.Increment(ref done);
        });

        Assert.Equal("three", Assert.Throws<InvalidOperationException>(work.Run).Message);
        Assert.Equal(19, done);
    }
}
