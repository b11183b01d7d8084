using RedisInfer.Redis;
using StackExchange.Redis;
using Xunit;

namespace RedisInfer.Tests.Support.Servers;

/// <summary>
/// One server for all tests of a class, and one connection to it. A suite that runs on every kind of server is an abstract class
/// that takes a <see cref="ServerFixture"/>. It has a sealed subclass for each kind. For example:
/// <code>
/// public abstract class StoreContract(ServerFixture server) { [Fact] public async Task ... }
/// public sealed class StoreOnGarnetTests(GarnetFixture server) : StoreContract(server), IClassFixture&lt;GarnetFixture&gt;;
/// public sealed class StoreOnRedis8Tests(Redis8Fixture server) : StoreContract(server), IClassFixture&lt;Redis8Fixture&gt;;
/// public sealed class StoreOnRedis7Tests(Redis7Fixture server) : StoreContract(server), IClassFixture&lt;Redis7Fixture&gt;;
/// public sealed class StoreOnValkeyTests(ValkeyFixture server) : StoreContract(server), IClassFixture&lt;ValkeyFixture&gt;;
/// </code>
/// The tests of a class share the server's data. Each test works under its own prefix (<see cref="UniqueName"/>).
/// </summary>
public abstract class ServerFixture(ServerKind kind) : IAsyncLifetime
{
    private IRedisConnectionSource? _connection;
    private string? _whyAbsent;

    public ServerKind Kind => kind;

    /// <summary>The connection to the server. Skips the running test if the server is not installed.</summary>
    public IRedisConnectionSource Connection
    {
        get
        {
            if (_connection is null)
                Skipping.Because(_whyAbsent ?? "The server of this test was not started.");
            return _connection;
        }
    }

    /// <summary>The connected multiplexer. Skips the running test if the server is not installed.</summary>
    public async ValueTask<IConnectionMultiplexer> ConnectAsync() => await Connection.ConnectAsync(TestContext.Current.CancellationToken);

    /// <summary>A name that no other test uses.</summary>
    public static string UniqueName() => "t" + Guid.NewGuid().ToString("N")[..12];

    public async ValueTask InitializeAsync() => (_connection, _whyAbsent) = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null)
            await _connection.DisposeAsync();
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts the server. Returns its connection, or the reason if the server is not installed.</summary>
    protected abstract Task<(IRedisConnectionSource? Connection, string? WhyAbsent)> StartAsync();

    protected virtual ValueTask StopAsync() => ValueTask.CompletedTask;
}
