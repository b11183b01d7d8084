using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Tests.Unit.Redis;

public sealed class ContextLoaderTests
{
    private static readonly byte[] Value = [1, 2, 3, 4];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<IContextLoader, string> Loaders => new()
    {
        { new PinnedContextLoader(), "pinned" },
        { new CopyingContextLoader(), "copying" },
        { new AdaptiveContextLoader(), "pinned" },
    };

    [Theory]
    [MemberData(nameof(Loaders))]
    public async Task ValueIsLoadedAndNamesItsStrategy(IContextLoader loader, string strategy)
    {
        (IDatabaseAsync database, FakeDatabase fake) = FakeDatabase.Create();
        fake.Value = Value;

        using LoadedContext? loaded = await loader.LoadAsync(database, "key", Cancellation);

        Assert.Equal(Value, loaded!.Value.ToArray());
        Assert.Equal(strategy, loaded.Strategy);
        Assert.Null(loaded.Reason);
    }

    [Fact]
    public async Task PinnedLoaderHandsOutWhatWasReceived()
    {
        (IDatabaseAsync database, FakeDatabase fake) = FakeDatabase.Create();
        ValueTask<LoadedContext?> load = new PinnedContextLoader().LoadAsync(database, "key", Cancellation);
        using var pool = new PinnedBufferPool(4096, 1);
        Lease<byte> lease = Lease<byte>.Create(4000, pool);
        fake.Answer(lease);

        using LoadedContext? loaded = await load;

        Assert.True(lease.Span.Overlaps(loaded!.Value.Span, out int offset));
        Assert.Equal(0, offset);
    }

    [Fact]
    public async Task AdaptiveLoaderCopiesWhileAllBuffersAreInUseAndSaysSo()
    {
        (IDatabaseAsync database, FakeDatabase fake) = FakeDatabase.Create();
        fake.Value = Value;
        var loader = new AdaptiveContextLoader(maxBuffers: 1);

        LoadedContext? first = await loader.LoadAsync(database, "key", Cancellation);
        using LoadedContext? second = await loader.LoadAsync(database, "key", Cancellation);
        first!.Dispose();
        first.Dispose();
        using LoadedContext? third = await loader.LoadAsync(database, "key", Cancellation);
        using LoadedContext? fourth = await loader.LoadAsync(database, "key", Cancellation);

        Assert.Equal(("copying", "all pinned buffers are in use"), (second!.Strategy, second.Reason));
        Assert.Equal(Value, second.Value.ToArray());
        Assert.Equal(("pinned", null), (third!.Strategy, third.Reason));
        Assert.Equal("copying", fourth!.Strategy);
        Assert.True(first.Value.IsEmpty);
    }

    [Fact]
    public async Task PinnedLoaderWaitsForABuffer()
    {
        (IDatabaseAsync database, FakeDatabase fake) = FakeDatabase.Create();
        fake.Value = Value;
        var loader = new PinnedContextLoader(maxBuffers: 1);
        LoadedContext? first = await loader.LoadAsync(database, "key", Cancellation);

        ValueTask<LoadedContext?> second = loader.LoadAsync(database, "key", Cancellation);
        Assert.False(second.IsCompleted);
        first!.Dispose();

        using LoadedContext? loaded = await second;
        Assert.Equal(Value, loaded!.Value.ToArray());
    }

    [Fact]
    public async Task BufferOfALoadThatFoundNothingOrFailedIsFreeAgain()
    {
        (IDatabaseAsync database, FakeDatabase fake) = FakeDatabase.Create();
        var loader = new PinnedContextLoader(maxBuffers: 1);

        ValueTask<LoadedContext?> load = loader.LoadAsync(database, "key", Cancellation);
        fake.Answer(null);
        Assert.Null(await load);
        load = loader.LoadAsync(database, "key", Cancellation);
        fake.Fail(new TimeoutException("late"));
        await Assert.ThrowsAsync<TimeoutException>(async () => await load);

        fake.Value = Value;
        using LoadedContext? loaded = await loader.LoadAsync(database, "key", Cancellation);
        Assert.NotNull(loaded);
    }

    [Fact]
    public async Task BufferOfACancelledLoadIsFreeAgainWhenItsAnswerCame()
    {
        (IDatabaseAsync database, FakeDatabase fake) = FakeDatabase.Create();
        var loader = new PinnedContextLoader(maxBuffers: 1);
        using var cancel = new CancellationTokenSource();
        ValueTask<LoadedContext?> load = loader.LoadAsync(database, "key", cancel.Token);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await load);

        fake.Value = Value;
        ValueTask<LoadedContext?> next = loader.LoadAsync(database, "key", Cancellation);
        Assert.False(next.IsCompleted);
        fake.Answer(Lease<byte>.Create(4));

        using LoadedContext? loaded = await next;
        Assert.NotNull(loaded);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    public void LoaderWithoutBuffersIsRefused(int maxBuffers)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new PinnedContextLoader(maxBuffers));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AdaptiveContextLoader(maxBuffers));
    }
}
