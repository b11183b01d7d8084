using System.Net;
using System.Net.Sockets;
using System.Text;
using RedisInfer.Context;
using RedisInfer.Garnet;
using RedisInfer.Redis;

namespace RedisInfer.Benchmarks.ContextLoad;

/// <summary>
/// The least a client can do: GETs on a socket of their own, each answer received straight into the buffer it stays in. A yardstick for the
/// client that the library uses; it knows no passwords, TLS, clusters or errors.
/// </summary>
internal static class RawBlobConnection
{
    private const int Lookahead = 3;

    // An answer begins with "$<length>\r\n"; no more than this is read before the length is known, so that nothing of the next one is.
    private const int HeadBytes = 16;

    public static async Task<Measured> MeasureAsync(
        IRedisConnectionSource source,
        string? redis,
        string corpus,
        IReadOnlyList<KvBlock> blocks,
        KvBlockSize size,
        int rounds,
        CancellationToken cancellationToken)
    {
        EndPoint endPoint = redis is not null
            ? StackExchange.Redis.ConfigurationOptions.Parse(redis).EndPoints[0]
            : new UnixDomainSocketEndPoint((await ((EmbeddedGarnetServer)source).GetCacheAsync(cancellationToken)).SocketPath);
        using Socket socket = endPoint is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(endPoint, cancellationToken);
        var keys = new CorpusKeys(corpus);
        byte[][] commands = [.. blocks.Select(b => Encoding.UTF8.GetBytes(Command(keys.KvBlock(b.Key.ToString()).ToString())))];
        byte[] buffer = GC.AllocateUninitializedArray<byte>(size.StateBytes + 4096, pinned: true);
        return await Measured.RunAsync(rounds, () => Task.Run(() => Read(socket, commands, buffer), cancellationToken));
    }

    private static void Read(Socket socket, byte[][] commands, byte[] buffer)
    {
        int sent = 0;
        for (int received = 0; received < commands.Length; received++)
        {
            while (sent < Math.Min(commands.Length, received + Lookahead))
            {
                socket.Send(commands[sent++]);
            }

            ReadAnswer(socket, buffer);
        }
    }

    private static void ReadAnswer(Socket socket, byte[] buffer)
    {
        int length = 0, end = -1;
        while (end < 0)
        {
            length += socket.Receive(buffer.AsSpan(length, HeadBytes - length));
            end = buffer.AsSpan(0, length).IndexOf((byte)'\n');
        }

        int total = end + 1 + int.Parse(Encoding.ASCII.GetString(buffer, 1, end - 2)) + 2;
        while (length < total)
        {
            length += socket.Receive(buffer.AsSpan(length, total - length));
        }
    }

    private static string Command(string key) => $"*2\r\n$3\r\nGET\r\n${Encoding.UTF8.GetByteCount(key)}\r\n{key}\r\n";
}
