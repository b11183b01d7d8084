using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Garnet;

public sealed class EmbeddedGarnetServerTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void PlaceOfTheDataMustBeChosen()
    {
        var error = Assert.Throws<RedisInferException>(() => new EmbeddedGarnetServer(new GarnetOptions()));

        Assert.Equal(RedisInferErrorCode.InvalidOptions, error.Code);
        Assert.Contains(nameof(GarnetOptions.DataDirectory), error.Message);
        Assert.Contains(nameof(GarnetOptions.InMemory), error.Message);
    }

    [Fact]
    public void AllProblemsOfTheOptionsAreInOneMessage()
    {
        var error = Assert.Throws<RedisInferException>(
            () => new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = "data", InMemory = true, MemoryBytes = 1 }));

        Assert.Contains("contradict", error.Message);
        Assert.Contains(nameof(GarnetOptions.MemoryBytes), error.Message);
    }

    [Fact]
    public async Task ConnectStartsOneServerForAllCallers()
    {
        using var folder = new TempFolder();
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["made/by/it"] });

        var connections = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => server.ConnectAsync(Cancellation).AsTask()));

        Assert.All(connections, c => Assert.Same(connections[0], c));
    }

    [Fact]
    public async Task ServersDoNotSeeEachOther()
    {
        await using var one = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var other = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        var connections = await Task.WhenAll(one.ConnectAsync(Cancellation).AsTask(), other.ConnectAsync(Cancellation).AsTask());

        await connections[0].GetDatabase().StringSetAsync("key", "value");

        Assert.False(await connections[1].GetDatabase().KeyExistsAsync("key"));
    }

    [Fact]
    public async Task ConnectAfterDisposeThrows()
    {
        var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await server.ConnectAsync(Cancellation);
        await server.DisposeAsync();
        await server.DisposeAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => server.ConnectAsync(Cancellation).AsTask());
    }

    [Fact]
    public async Task DataInMemoryIsGoneWithItsServer()
    {
        for (var round = 0; round < 2; round++)
        {
            await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
            var database = (await server.ConnectAsync(Cancellation)).GetDatabase();
            Assert.False(await database.KeyExistsAsync("key"));
            await database.StringSetAsync("key", "value");
        }
    }

    [Fact]
    public async Task SecondServerOnAFolderIsRefusedUntilTheFirstIsGone()
    {
        using var folder = new TempFolder();
        var options = new GarnetOptions { DataDirectory = folder["data"] };
        await using var second = new EmbeddedGarnetServer(options);
        await using (var first = new EmbeddedGarnetServer(options))
        {
            await first.ConnectAsync(Cancellation);

            var error = await Assert.ThrowsAsync<RedisInferException>(() => second.ConnectAsync(Cancellation).AsTask());

            Assert.Equal(RedisInferErrorCode.StoreUnavailable, error.Code);
            Assert.Contains("in use", error.Message);
        }

        Assert.True((await second.ConnectAsync(Cancellation)).IsConnected);
    }

    [Fact]
    public async Task SecondProcessOnAFolderIsRefused()
    {
        using var folder = new TempFolder();
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });
        await server.ConnectAsync(Cancellation);

        await using var process = await GarnetProcess.StartAsync(folder["data"]);

        Assert.StartsWith("failed: RedisInferException", process.Greeting);
        Assert.Contains("in use", process.Greeting);
    }

    [Fact]
    public async Task FolderOfSomethingElseIsRefusedAndLeftAlone()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["thesis.txt"], "years of work", Cancellation);
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder.Path });

        var error = await Assert.ThrowsAsync<RedisInferException>(() => server.ConnectAsync(Cancellation).AsTask());

        Assert.Equal(RedisInferErrorCode.InvalidOptions, error.Code);
        Assert.Equal([folder["thesis.txt"]], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task DataOfAnotherVersionIsRefused()
    {
        using var folder = new TempFolder();
        await using (var writer = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] }))
            await writer.ConnectAsync(Cancellation);
        await File.WriteAllTextAsync(Path.Combine(folder["data"], "format.txt"), "RedisInfer.Garnet 0, Garnet 1.0", Cancellation);
        await using var reader = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });

        var error = await Assert.ThrowsAsync<RedisInferException>(() => reader.ConnectAsync(Cancellation).AsTask());

        Assert.Equal(RedisInferErrorCode.IndexMismatch, error.Code);
        Assert.Contains("Garnet 1.0", error.Message);
    }

    [Fact]
    public async Task FolderThatIsAFileIsRefused()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder["file"], "", Cancellation);
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["file"] });

        var error = await Assert.ThrowsAsync<RedisInferException>(() => server.ConnectAsync(Cancellation).AsTask());

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, error.Code);
        Assert.Contains(folder["file"], error.Message);
    }

    [Fact]
    public async Task NewDataFolderIsForItsUserOnly()
    {
        if (OperatingSystem.IsWindows())
        {
            Skipping.Because("Windows has no modes of files.");
            return;
        }

        using var folder = new TempFolder();
        var log = new RecordingLog();
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] }, log);

        await server.ConnectAsync(Cancellation);

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder["data"]));
        Assert.DoesNotContain(log.Entries, e => e.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task DataFolderThatEveryUserCanOpenIsUsedAsItIsWithAWarning()
    {
        if (OperatingSystem.IsWindows())
        {
            Skipping.Because("Windows has no modes of files.");
            return;
        }

        const UnixFileMode Open = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherExecute;
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder["data"], Open);
        File.SetUnixFileMode(folder["data"], Open);
        var log = new RecordingLog();
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] }, log);

        await server.ConnectAsync(Cancellation);

        RecordingLog.Entry warning = Assert.Single(log.Entries, e => e.Level >= LogLevel.Warning);
        Assert.Contains($"'{folder["data"]}'", warning.Message);
        Assert.Contains("chmod o-rwx", warning.Message);
        Assert.Equal(Open, File.GetUnixFileMode(folder["data"]));
    }

    [Fact]
    public async Task NothingIsPrinted()
    {
        using var folder = new TempFolder();
        await using var process = await GarnetProcess.StartAsync(folder["data"]);
        Assert.Equal("PONG", await process.ExecuteAsync("PING"));

        var (status, output) = await process.EndAsync();

        Assert.Equal((0, ""), (status, output));
    }

    [Fact]
    public async Task LogGoesToTheHostWithoutAlarm()
    {
        var log = new RecordingLog();
        await using (var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true }, log))
            await server.ConnectAsync(Cancellation);

        Assert.Contains(log.Entries, e => e.Category.StartsWith("Garnet.", StringComparison.Ordinal));
        Assert.DoesNotContain(log.Entries, e => e.Category.StartsWith("Garnet.", StringComparison.Ordinal) && e.Level >= LogLevel.Information);
    }

    [Fact]
    public async Task ClientsThatLeaveBeforeTheirAnswersRaiseNoAlarm()
    {
        var log = new RecordingLog();
        await using (var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true }, log))
        {
            var path = (await server.ConnectAsync(Cancellation)).GetEndPoints()[0].ToString()!;
            var pings = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("*1\r\n$4\r\nPING\r\n", 2_000)));
            for (var i = 0; i < 20; i++)
            {
                using var client = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                await Task.Run(() => client.Connect(new UnixDomainSocketEndPoint(path)), Cancellation); // blocks while too many wait
                await client.SendAsync(pings, Cancellation);
            }

            await (await server.ConnectAsync(Cancellation)).GetDatabase().PingAsync();
        }

        Assert.Contains(log.Entries, e => e.Exception?.Message == "The client left before its answer.");
        Assert.DoesNotContain(log.Entries, e => e.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task TemporaryFolderIsPrivateAndGoesWithTheServer()
    {
        string path;
        using (var folder = PrivateFolder.Create(TimeProvider.System))
        {
            path = folder.Path;
            if (!OperatingSystem.IsWindows())
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(path));
        }

        Assert.False(Directory.Exists(path));

        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        var socket = (await server.ConnectAsync(Cancellation)).GetEndPoints()[0].ToString()!;
        await server.DisposeAsync();

        Assert.False(Directory.Exists(Path.GetDirectoryName(socket)));
    }

    [Fact]
    public async Task LeftoversOfAKilledProcessAreDeletedButNoLiveFolder()
    {
        using var live = PrivateFolder.Create(TimeProvider.System);
        var before = Folders();
        await using (var process = await GarnetProcess.StartAsync(folder: null))
        {
            Assert.Equal("ready", process.Greeting);
            await process.KillAsync();
        }

        var left = Folders().Except(before).Where(f => !InUse(f)).ToList();
        Assert.NotEmpty(left);

        PrivateFolder.Create(new HastyTime(1, TimeSpan.FromHours(1))).Dispose();

        Assert.DoesNotContain(left, Directory.Exists);
        Assert.True(Directory.Exists(live.Path));

        static string[] Folders() => Directory.GetDirectories(Path.GetTempPath(), "redisinfer-garnet-*");
    }

    private static bool InUse(string folder)
    {
        try
        {
            using var file = new FileStream(Path.Combine(folder, "lock"), FileMode.Open, FileAccess.ReadWrite, FileShare.None);
            return false;
        }
        catch (IOException)
        {
            return true;
        }
    }
}
