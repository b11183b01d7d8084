using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Redis;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Redis;

public sealed class RedisConnectionTests
{
    private const string Password = "open-sesame";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    public async Task ConnectGivesOneConnectionThatAnswers(RedisVersion version)
    {
        await using var server = await RedisServer.StartOrSkipAsync(version, new() { Password = Password });
        await using var source = new RedisConnectionSource(server.Configuration);

        var connections = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => source.ConnectAsync(Cancellation).AsTask()));

        Assert.All(connections, c => Assert.Same(connections[0], c));
        Assert.True(await connections[0].GetDatabase().StringSetAsync("key", "value"));
        Assert.Equal($"Redis at {server.EndPoint}", source.Description);
    }

    [Fact]
    public async Task AbsentRedisIsToldFromOtherTroubleAndWithARemedy()
    {
        var error = await ConnectInVainAsync($"127.0.0.1:{FreePort()}");

        Assert.Contains("nothing listens there", error.Message);
        Assert.Contains("UseEmbeddedGarnet", error.Message);
    }

    [Fact]
    public async Task UnknownHostIsToldFromAbsentRedis()
    {
        var error = await ConnectInVainAsync("no-such-host.invalid:6379");

        Assert.Contains("host name is not known", error.Message);
    }

    [Fact]
    public async Task SocketFileThatIsNotThereIsNamed()
    {
        using var folder = new TempFolder();
        var error = await ConnectInVainAsync("!" + folder["redis.sock"]);

        Assert.Contains(folder["redis.sock"], error.Message);
    }

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    public async Task NeededPasswordIsAskedFor(RedisVersion version)
    {
        await using var server = await RedisServer.StartOrSkipAsync(version, new() { Password = Password });

        var error = await ConnectInVainAsync(server.EndPoint);

        Assert.Contains("asks for a password", error.Message);
        Assert.Contains(",password=", error.Message);
    }

    [Theory]
    [InlineData(RedisVersion.V8, "", "password")]
    [InlineData(RedisVersion.V7, "", "password")]
    [InlineData(RedisVersion.V8, "user=nobody,", "user 'nobody'")]
    [InlineData(RedisVersion.V7, "user=nobody,", "user 'nobody'")]
    public async Task WrongPasswordIsNamedButNotShown(RedisVersion version, string user, string expected)
    {
        await using var server = await RedisServer.StartOrSkipAsync(version, new() { Password = Password });

        var error = await ConnectInVainAsync($"{server.EndPoint},{user}password=not-the-one");

        Assert.Contains("refused the " + expected, error.Message);
        Assert.DoesNotContain("not-the-one", error.ToString());
    }

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    public async Task UserWithoutTheNeededRightsIsToldWhichToAsk(RedisVersion version)
    {
        await using var server = await RedisServer.StartOrSkipAsync(
            version, new() { AclRules = ["user reader on >reader-password ~* +@read"] });

        var error = await ConnectInVainAsync($"{server.EndPoint},user=reader,password=reader-password");

        Assert.Contains("denies its user", error.Message);
        Assert.Contains("+@connection", error.Message);
        Assert.DoesNotContain("reader-password", error.ToString());
    }

    [Fact]
    public async Task StoppedRedisIsToldFromAbsentRedis()
    {
        await using var server = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        Signal(server, "STOP");

        var error = await ConnectInVainAsync($"{server.EndPoint},connectTimeout=200");

        Assert.Contains("did not answer", error.Message);
    }

    [Fact]
    public async Task ServerThatIsNoRedisIsToldFromAbsentRedis()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(
            async () =>
            {
                while (true)
                {
                    using var client = await listener.AcceptTcpClientAsync(Cancellation);
                    await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancellation);
                }
            },
            Cancellation);

        var error = await ConnectInVainAsync($"{listener.LocalEndpoint},connectTimeout=200");

        Assert.Contains("Is it Redis", error.Message);
        listener.Stop();
        await Assert.ThrowsAnyAsync<Exception>(() => answering);
    }

    [Fact]
    public async Task RedisThatIsStartedLaterIsFoundByTheNextCall()
    {
        var port = FreePort();
        await using var source = new RedisConnectionSource($"127.0.0.1:{port}");
        await Assert.ThrowsAsync<RedisInferException>(() => source.ConnectAsync(Cancellation).AsTask());
        await using var server = await RedisServer.StartOrSkipAsync(RedisVersion.V8, new() { Port = port });

        Assert.True((await source.ConnectAsync(Cancellation)).IsConnected);
    }

    [Fact]
    public async Task ConnectionComesBackByItselfAndTheLogSaysSo()
    {
        var log = new RecordingLog();
        await using var first = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        await using var source = new RedisConnectionSource(first.EndPoint, log.CreateLogger("redis"));
        var connection = await source.ConnectAsync(Cancellation);
        await first.KillAsync();
        await using var second = await RedisServer.StartAsync(RedisVersion.V8, new() { Port = first.Port }, Cancellation);

        while (!await AnswersAsync(connection))
            await Task.Delay(20, Cancellation);

        Assert.Same(connection, await source.ConnectAsync(Cancellation));
        Assert.Contains(log.Entries, e => e.Level == LogLevel.Warning && e.Message.Contains(first.EndPoint));
    }

    [Fact]
    public async Task CallerThatCancelsDoesNotEndTheAttemptOfOthers()
    {
        await using var server = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        await using var source = new RedisConnectionSource(server.EndPoint);
        using var cancelled = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        Signal(server, "STOP");

        var impatient = source.ConnectAsync(cancelled.Token).AsTask();
        var patient = source.ConnectAsync(Cancellation).AsTask();
        await cancelled.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => impatient);
        Signal(server, "CONT");
        Assert.True((await patient).IsConnected);
    }

    [Fact]
    public async Task DisposeClosesItsOwnConnectionButNotTheHosts()
    {
        await using var server = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        var own = new RedisConnectionSource(server.EndPoint);
        var connection = await own.ConnectAsync(Cancellation);
        var borrowed = RedisConnectionSource.FromExisting(connection);

        await borrowed.DisposeAsync();
        Assert.True(await AnswersAsync(connection));
        Assert.Equal(own.Description, borrowed.Description);

        await own.DisposeAsync();
        await Assert.ThrowsAsync<ObjectDisposedException>(() => connection.GetDatabase().PingAsync());
        await Assert.ThrowsAsync<ObjectDisposedException>(() => own.ConnectAsync(Cancellation).AsTask());
    }

    [Fact]
    public async Task ValuesOfMegabytesTravelOnASecondConnectionBesideTheHosts()
    {
        await using var server = await RedisServer.StartOrSkipAsync(RedisVersion.V8, new() { Password = Password });
        await using var hosts = await ConnectionMultiplexer.ConnectAsync($"{server.EndPoint},password={Password}");
        await using var borrowed = RedisConnectionSource.FromExisting(hosts);

        IRedisConnectionSource cache = borrowed.OpenCache(MemoryPool<byte>.Shared);
        IConnectionMultiplexer second = await cache.ConnectAsync(Cancellation);

        Assert.NotSame(hosts, second);
        Assert.True(await AnswersAsync(second));
        await cache.DisposeAsync();
        Assert.False(second.IsConnected);
        Assert.True(await AnswersAsync(hosts));
    }

    [Fact]
    public void DescriptionHoldsNoPassword()
    {
        var source = new RedisConnectionSource($"one.example:6379,two.example:6380,password={Password},ssl=true");

        Assert.Equal("Redis at one.example:6379, two.example:6380", source.Description);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("password=x")]
    public void ConfigurationWithoutAServerIsRefused(string configuration) =>
        Assert.ThrowsAny<ArgumentException>(() => new RedisConnectionSource(configuration));

    private static async Task<RedisInferException> ConnectInVainAsync(string configuration)
    {
        await using var source = new RedisConnectionSource(configuration);
        var error = await Assert.ThrowsAsync<RedisInferException>(() => source.ConnectAsync(Cancellation).AsTask());
        Assert.Equal(RedisInferErrorCode.StoreUnavailable, error.Code);
        Assert.StartsWith(source.Description, error.Message);
        return error;
    }

    private static async Task<bool> AnswersAsync(IConnectionMultiplexer connection)
    {
        try
        {
            await connection.GetDatabase().PingAsync();
            return true;
        }
        catch (RedisException)
        {
            return false;
        }
    }

    private static void Signal(RedisServer server, string signal)
    {
        using var kill = Process.Start("kill", ["-" + signal, server.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
