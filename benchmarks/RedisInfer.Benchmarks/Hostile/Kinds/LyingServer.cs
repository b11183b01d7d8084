using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>
/// A server on 127.0.0.1 that answers as an honest server does, except where its liar says otherwise. It forwards commands to the honest
/// server, and each answer goes through the liar.
/// </summary>
internal sealed class LyingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly EndPoint _honest;
    private readonly Task _accepting;
    private readonly List<Task> _connections = [];

    public LyingServer(EndPoint honest)
    {
        _honest = honest;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Decides about each answer. Set before clients connect.</summary>
    public Liar Liar { get; set; } = Liar.Honest;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await ((Task)Task.WhenAll([_accepting, .. _connections])).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Socket client = await _listener.AcceptSocketAsync(_stop.Token);
            _connections.RemoveAll(connection => connection.IsCompleted);
            _connections.Add(ServeAsync(client, Liar));
        }
    }

    private async Task ServeAsync(Socket client, Liar liar)
    {
        using Socket honest = new(_honest.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        using (client)
        {
            using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
            try
            {
                await honest.ConnectAsync(_honest, end.Token);
                var asked = new Queue<string>();
                Task<bool> up = ForwardAsync(client, honest, command => Note(asked, command), end.Token);
                Task<bool> down = ForwardAsync(honest, client, answer => Answer(liar, asked, answer), end.Token);
                await Task.WhenAny(up, down);
                await end.CancelAsync();
                await ((Task)Task.WhenAll(up, down)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // One of the sides has left.
            }
        }
    }

    /// <summary>Forwards values until a side closes, or until <paramref name="change"/> returns null: then the connection ends.</summary>
    private static async Task<bool> ForwardAsync(Socket from, Socket to, Func<byte[], byte[]?> change, CancellationToken cancellationToken)
    {
        byte[] buffer = new byte[64 * 1024];
        int used = 0;
        while (true)
        {
            int read = await from.ReceiveAsync(buffer.AsMemory(used), cancellationToken);
            if (read == 0)
            {
                return true;
            }

            used += read;
            int done = 0;
            int length;
            while (done < used && (length = RespReader.FindEnd(buffer.AsSpan(done, used - done))) > 0)
            {
                if (change(buffer[done..(done + length)]) is not { } changed)
                {
                    return false;
                }

                await SendAsync(to, changed, cancellationToken);
                done += length;
            }

            buffer.AsSpan(done, used - done).CopyTo(buffer);
            used -= done;
            if (used == buffer.Length)
            {
                Array.Resize(ref buffer, 2 * buffer.Length);
            }
        }
    }

    private static async Task SendAsync(Socket to, byte[] bytes, CancellationToken cancellationToken)
    {
        for (int sent = 0; sent < bytes.Length;)
        {
            sent += await to.SendAsync(bytes.AsMemory(sent), cancellationToken);
        }
    }

    private static byte[] Note(Queue<string> asked, byte[] command)
    {
        List<byte[]> words = RespReader.ReadCommand(command);
        lock (asked)
        {
            asked.Enqueue(words.Count == 0 ? "" : Encoding.UTF8.GetString(words[0]).ToUpperInvariant());
        }

        return command;
    }

    private static byte[]? Answer(Liar liar, Queue<string> asked, byte[] answer)
    {
        // A push message of RESP3 answers no command.
        string command = "";
        lock (asked)
        {
            if (answer[0] != (byte)'>')
            {
                asked.TryDequeue(out command!);
            }
        }

        return liar.Answer(command ?? "", answer);
    }
}
