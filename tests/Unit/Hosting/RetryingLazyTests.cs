using RedisInfer.Hosting;

namespace RedisInfer.Tests.Unit.Hosting;

public sealed class RetryingLazyTests
{
    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ValueThatHasFailedIsDisposedOfAndReplacedOnceForAllCallers()
    {
        int made = 0;
        Part? last = null;
        var lazy = new RetryingLazy<Part>(
            _ =>
            {
                Assert.True(last?.Disposed ?? true, "The value before was not disposed of.");
                made++;
                return Task.FromResult(last = new Part());
            },
            part => part.HasFailed);
        Part first = await lazy.GetAsync(TestEnds);
        Assert.Same(first, await lazy.GetAsync(TestEnds));

        first.HasFailed = true;
        Assert.Null(lazy.Value);
        Part[] later = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => lazy.GetAsync(TestEnds).AsTask()));

        Assert.All(later, part => Assert.Same(last, part));
        Assert.NotSame(first, last);
        Assert.Equal(2, made);
        Assert.Same(last, lazy.Value);
    }

    [Fact]
    public async Task ClosingReturnsAValueThatHasFailedForItsDisposal()
    {
        var lazy = new RetryingLazy<Part>(_ => Task.FromResult(new Part()), part => part.HasFailed);
        Part part = await lazy.GetAsync(TestEnds);
        part.HasFailed = true;

        Assert.Same(part, await lazy.CloseAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => lazy.GetAsync(TestEnds).AsTask());
    }

    private sealed class Part : IAsyncDisposable
    {
        public bool HasFailed { get; set; }

        public bool Disposed { get; private set; }

        public ValueTask DisposeAsync()
        {
            Disposed = true;
            return ValueTask.CompletedTask;
        }
    }
}
