using System.Net;
using System.Net.Sockets;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Corpus;

/// <summary>
/// Forwards connections to a server. A test can act just before a transaction is committed, after the client has checked its conditions.
/// It can also lose the answer to a transaction.
/// </summary>
internal sealed class TransactionTap : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, port: 0);
    private readonly CancellationTokenSource _end = new();
    private readonly EndPoint _server;
    private readonly Task _accepting;

    public TransactionTap(EndPoint server)
    {
        _server = server;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Called before the server gets the commands of a transaction.</summary>
    public Func<Task> BeforeCommit { get; set; } = () => Task.CompletedTask;

    /// <summary>If set, the connection ends instead of the answer to the next transaction.</summary>
    public bool LosesNextAnswer { get; set; }

    /// <summary>Connects through this tap.</summary>
    public async Task<ConnectionMultiplexer> ConnectAsync(string configuration)
    {
        ConfigurationOptions options = ConfigurationOptions.Parse(configuration);
        options.EndPoints.Clear();
        options.EndPoints.Add(_listener.LocalEndpoint);
        return await ConnectionMultiplexer.ConnectAsync(options);
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            Socket client = await _listener.AcceptSocketAsync(_end.Token);
            _ = ForwardAsync(client);
        }
    }

    private async Task ForwardAsync(Socket accepted)
    {
        try
        {
            await using var client = new NetworkStream(accepted, ownsSocket: true);
            var socket = new Socket(_server.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
            await using var server = new NetworkStream(await ConnectAsync(socket), ownsSocket: true);
            bool isLost = false;
            Task toServer = PumpAsync(client, server, async sent =>
            {
                if (sent.Span.IndexOf("\r\nMULTI\r\n"u8) >= 0)
                    await BeforeCommit();
                if (sent.Span.IndexOf("\r\nEXEC\r\n"u8) >= 0)
                    (isLost, LosesNextAnswer) = (LosesNextAnswer, false);
                return true;
            });
            Task toClient = PumpAsync(server, client, _ => Task.FromResult(!isLost));
            await Task.WhenAny(toServer, toClient);
            if (!isLost)
                return;

            // The server must not notice before it has executed the transaction.
            client.Close();
            await server.CopyToAsync(Stream.Null, _end.Token);
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One of the two has gone. The other one notices.
        }
    }

    private async Task<Socket> ConnectAsync(Socket socket)
    {
        await socket.ConnectAsync(_server, _end.Token);
        return socket;
    }

    private async Task PumpAsync(NetworkStream from, NetworkStream to, Func<ReadOnlyMemory<byte>, Task<bool>> mayPass)
    {
        var buffer = new byte[1 << 16];
        while (await from.ReadAsync(buffer, _end.Token) is > 0 and int count && await mayPass(buffer.AsMemory(0, count)))
        {
            await to.WriteAsync(buffer.AsMemory(0, count), _end.Token);
        }
    }
}
