using RedisInfer.Errors;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Garnet;

public sealed class GarnetDurabilityTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task DataSurvivesACleanEnd()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder["data"]);

        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });
        var connection = await server.ConnectAsync(Cancellation);

        await GarnetData.AssertAllThereAsync(GarnetData.On(connection));
    }

    [Fact]
    public async Task DataSurvivesAKilledProcess()
    {
        using var folder = new TempFolder();
        for (var round = 0; round < 2; round++)
        {
            await using var process = await GarnetProcess.StartAsync(folder["data"]);
            Assert.Equal("ready", process.Greeting);
            foreach (var command in GarnetData.Commands())
                await process.ExecuteAsync(command);
            await process.KillAsync();
        }

        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });
        var connection = await server.ConnectAsync(Cancellation);

        await GarnetData.AssertAllThereAsync(GarnetData.On(connection));
    }

    [Fact]
    public async Task DataWrittenAfterARestartSurvivesTheNextKill()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder["data"]);
        await using (var process = await GarnetProcess.StartAsync(folder["data"]))
        {
            Assert.Equal("OK", await process.ExecuteAsync("SET later value"));
            Assert.Equal("1", await process.ExecuteAsync("VADD {c}:vectors VALUES 8 9 9 9 9 9 9 9 8 late NOQUANT XDISTANCE_METRIC COSINE"));
            await process.KillAsync();
        }

        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });
        var execute = GarnetData.On(await server.ConnectAsync(Cancellation));

        await GarnetData.AssertAllThereAsync(execute);
        Assert.Equal("value", await execute("GET later"));
        Assert.Equal("late", await execute("VSIM {c}:vectors VALUES 8 9 9 9 9 9 9 9 8 COUNT 1"));
    }

    [Fact]
    public async Task CleanEndLeavesNothingToReplay()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder["data"]);

        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });
        var (begin, tail) = await LogBoundsAsync(await server.ConnectAsync(Cancellation));

        Assert.InRange(tail - begin, 0, 4096);
    }

    [Fact]
    public async Task CheckpointIsTakenWhenWritingPauses()
    {
        using var folder = new TempFolder();
        await using var server = new EmbeddedGarnetServer(
            new GarnetOptions { DataDirectory = folder["data"] }, timeProvider: new HastyTime(50));
        var connection = await server.ConnectAsync(Cancellation);

        await connection.GetDatabase().StringSetAsync("key", new byte[2 << 20]);

        long begin, tail;
        do
        {
            await Task.Delay(20, Cancellation);
            (begin, tail) = await LogBoundsAsync(connection);
        }
        while (tail - begin >= 1 << 20);
    }

    [Fact]
    public async Task NothingIsLostBeyondTheMemory()
    {
        using var folder = new TempFolder();
        GarnetOptions[] choices = [new() { InMemory = true }, new() { DataDirectory = folder["data"] }];
        foreach (var options in choices)
        {
            options.MemoryBytes = GarnetOptions.LeastMemoryBytes;
            await using var server = new EmbeddedGarnetServer(options);
            var database = (await server.ConnectAsync(Cancellation)).GetDatabase();
            const int Count = 1500, ValueBytes = 100_000;

            for (var i = 0; i < Count; i++)
                await database.StringSetAsync($"key{i}", Value(i, ValueBytes));

            for (var i = 0; i < Count; i++)
                Assert.Equal(Value(i, ValueBytes), (byte[]?)await database.StringGetAsync($"key{i}"));
        }
    }

    [Fact]
    public async Task DamagedCheckpointIsRefusedAndNotReadAsEmpty()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder["data"]);
        await DamageAsync(folder["data"], "cpr-checkpoints");

        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });
        var error = await Assert.ThrowsAsync<RedisInferException>(() => server.ConnectAsync(Cancellation).AsTask());

        Assert.Equal(RedisInferErrorCode.StateCorrupt, error.Code);
        Assert.Contains(folder["data"], error.Message);
    }

    [Fact]
    public async Task DamagedHashIndexIsMadeAnew()
    {
        using var folder = new TempFolder();
        await WriteAsync(folder["data"]);
        await DamageAsync(folder["data"], "index-checkpoints");

        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });
        var connection = await server.ConnectAsync(Cancellation);

        await GarnetData.AssertAllThereAsync(GarnetData.On(connection));
    }

    private static async Task DamageAsync(string folder, string part)
    {
        var files = Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => f.Contains(part)).ToList();
        Assert.NotEmpty(files);
        foreach (var file in files)
            await File.WriteAllBytesAsync(file, new byte[new FileInfo(file).Length], Cancellation);
    }

    private static byte[] Value(int seed, int length)
    {
        var value = new byte[length];
        new Random(seed).NextBytes(value);
        return value;
    }

    private static Task<(long Begin, long Tail)> LogBoundsAsync(IConnectionMultiplexer connection) =>
        new Checkpoints(connection.GetDatabase(), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance)
            .ReadLogBoundsAsync();

    private static async Task WriteAsync(string folder)
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder });
        var execute = GarnetData.On(await server.ConnectAsync(Cancellation));
        foreach (var command in GarnetData.Commands())
            await execute(command);
    }
}
