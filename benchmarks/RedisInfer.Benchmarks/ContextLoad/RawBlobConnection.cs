using System.Net;
using System.Net.Sockets;
using System.Text;
using RedisInfer.Garnet;
using RedisInfer.Redis;

namespace RedisInfer.Benchmarks.ContextLoad;

/// <summary>
/// The minimum that a client can do: sends GET commands on a separate socket and receives each answer directly into its final
/// buffer. This is the baseline for the client that the library uses. It does not support passwords, TLS, clusters or errors.
/// </summary>
internal sealed class RawBlobConnection(Socket socket, int bufferBytes) : IDisposable
{
    private const int Lookahead = 2;

    // An answer begins with "$<length>\r\n". Until the length is known, no more bytes than this are received, so that none of them
    // belong to the next answer.
    private const int HeadBytes = 16;

    private readonly byte[] _buffer = GC.AllocateUninitializedArray<byte>(bufferBytes, pinned: true);

    public static async Task<RawBlobConnection> OpenAsync(
        IRedisConnectionSource source, string? redis, int bufferBytes, CancellationToken cancellationToken)
    {
        EndPoint endPoint = redis is not null
            ? StackExchange.Redis.ConfigurationOptions.Parse(redis).EndPoints[0]
            : new UnixDomainSocketEndPoint((await ((EmbeddedGarnetServer)source).GetCacheAsync(cancellationToken)).SocketPath);
        Socket socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint, cancellationToken);
        return new RawBlobConnection(socket, bufferBytes);
    }

    public Task LoadAsync(IEnumerable<string> keys) => Task.Run(() => Read([.. keys.Select(k => Encoding.UTF8.GetBytes(Command(k)))]));

    public void Dispose() => socket.Dispose();

    private void Read(byte[][] commands)
    {
        int sent = 0;
        for (int received = 0; received < commands.Length; received++)
        {
            while (sent < Math.Min(commands.Length, received + Lookahead))
            {
                socket.Send(commands[sent++]);
            }

            ReadAnswer();
        }
    }

    private void ReadAnswer()
    {
        int length = 0, end = -1;
        while (end < 0)
        {
            length += socket.Receive(_buffer.AsSpan(length, HeadBytes - length));
            end = _buffer.AsSpan(0, length).IndexOf((byte)'\n');
        }

        int total = end + 1 + int.Parse(Encoding.ASCII.GetString(_buffer, 1, end - 2)) + 2;
        while (length < total)
        {
            length += socket.Receive(_buffer.AsSpan(length, total - length));
        }
    }

    private static string Command(string key) => $"*2\r\n$3\r\nGET\r\n${Encoding.UTF8.GetByteCount(key)}\r\n{key}\r\n";
}
