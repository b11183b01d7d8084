using System.Buffers;
using RedisInfer.Errors;
using RedisInfer.Garnet;
using RedisInfer.Redis;
using RedisInfer.Tests.Support;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Garnet;

/// <summary>The second server next to an embedded Garnet, for values that may be lost.</summary>
public sealed class GarnetCacheTests
{
    private const int ValueBytes = 4 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task CacheIsApartFromTheData()
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using IRedisConnectionSource cache = server.OpenCache(MemoryPool<byte>.Shared);
        await using IRedisConnectionSource again = server.OpenCache(MemoryPool<byte>.Shared);

        await (await cache.ConnectAsync(Cancellation)).GetDatabase().StringSetAsync("key", "value");

        Assert.Equal("value", await (await again.ConnectAsync(Cancellation)).GetDatabase().StringGetAsync("key"));
        Assert.False(await (await server.ConnectAsync(Cancellation)).GetDatabase().KeyExistsAsync("key"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task CachedValuesSurviveARestart(bool readable)
    {
        using var folder = new TempFolder();
        var options = new GarnetOptions { DataDirectory = folder["data"] };
        await using (var server = new EmbeddedGarnetServer(options))
        {
            await using IRedisConnectionSource cache = server.OpenCache(MemoryPool<byte>.Shared);
            IDatabase database = (await cache.ConnectAsync(Cancellation)).GetDatabase();
            for (int i = 0; i < 20; i++)
            {
                await database.StringSetAsync($"key{i}", Value(i), TimeSpan.FromHours(1));
            }
        }

        if (!readable)
        {
            // An unreadable cache counts as empty. The data next to it is not touched.
            foreach (string info in Directory.EnumerateFiles(folder["data/cache/checkpoint"], "info.dat*", SearchOption.AllDirectories))
            {
                await File.WriteAllTextAsync(info, "damaged", Cancellation);
            }
        }

        await using (var server = new EmbeddedGarnetServer(options))
        {
            await using IRedisConnectionSource cache = server.OpenCache(MemoryPool<byte>.Shared);
            IDatabase database = (await cache.ConnectAsync(Cancellation)).GetDatabase();
            for (int i = 0; i < 20; i++)
            {
                Assert.Equal(readable ? Value(i) : null, (byte[]?)await database.StringGetAsync($"key{i}"));
            }

            await database.StringSetAsync("new", "value");
            Assert.Equal("value", await database.StringGetAsync("new"));
        }
    }

    [Fact]
    public async Task OldestValuesGoWhenTheDiskSpaceIsUsedUp()
    {
        using var folder = new TempFolder();
        await using var server = new EmbeddedGarnetServer(
            new GarnetOptions { DataDirectory = folder["data"], CacheBytes = GarnetOptions.LeastCacheBytes });
        await using IRedisConnectionSource cache = server.OpenCache(MemoryPool<byte>.Shared);
        IDatabase database = (await cache.ConnectAsync(Cancellation)).GetDatabase();

        int count = 0;
        while (count < 130 || await database.KeyExistsAsync("key0"))
        {
            await database.StringSetAsync($"key{count}", Value(count), TimeSpan.FromHours(1));
            count++;
            Assert.InRange(count, 1, 2000);
        }

        // Disk space is freed segment by segment, a moment later.
        while (BytesOf(folder["data/cache"]) > GarnetOptions.LeastCacheBytes * 3 / 2)
        {
            await Task.Delay(50, Cancellation);
        }

        Assert.Equal(Value(count - 1), (byte[]?)await database.StringGetAsync($"key{count - 1}"));
    }

    [Fact]
    public async Task CacheIsNotStartedBeforeItIsNeeded()
    {
        using var folder = new TempFolder();
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });
        await using IRedisConnectionSource cache = server.OpenCache(MemoryPool<byte>.Shared);

        await server.ConnectAsync(Cancellation);

        Assert.False(Directory.Exists(folder["data/cache"]));
    }

    [Fact]
    public async Task CacheOfADisposedServerThrows()
    {
        var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using IRedisConnectionSource cache = server.OpenCache(MemoryPool<byte>.Shared);
        await cache.ConnectAsync(Cancellation);
        await server.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(async () => await cache.ConnectAsync(Cancellation));
    }

    [Fact]
    public async Task CacheThatCannotStartIsAnErrorThatNamesItsFolder()
    {
        using var folder = new TempFolder();
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });
        await server.ConnectAsync(Cancellation);
        await File.WriteAllTextAsync(folder["data/cache"], "not a folder", Cancellation);
        await using IRedisConnectionSource cache = server.OpenCache(MemoryPool<byte>.Shared);

        var error = await Assert.ThrowsAsync<RedisInferException>(async () => await cache.ConnectAsync(Cancellation));

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, error.Code);
        Assert.Contains($"'{folder["data/cache"]}'", error.Message, StringComparison.Ordinal);
        File.Delete(folder["data/cache"]);
        Assert.True((await cache.ConnectAsync(Cancellation)).IsConnected);
    }

    private static byte[] Value(int seed)
    {
        byte[] value = new byte[ValueBytes];
        BitConverter.TryWriteBytes(value, seed);
        value[^1] = (byte)seed;
        return value;
    }

    private static long BytesOf(string folder) =>
        new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(f => f.Length);
}
