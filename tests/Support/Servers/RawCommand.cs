using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace RedisInfer.Tests.Support.Servers;

/// <summary>
/// One command to one server, without a client that follows redirections, waits for reconnections or knows which server is the primary.
/// </summary>
internal static class RawCommand
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    /// <summary>Sends a command and reads its answer as text; an array as one line per element.</summary>
    /// <exception cref="InvalidOperationException">The server answers with an error.</exception>
    public static async Task<string> SendAsync(int port, string[] command)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), limit.Token);
        await using var stream = new NetworkStream(socket);
        string request = string.Create(CultureInfo.InvariantCulture, $"*{command.Length}\r\n")
            + string.Concat(command.Select(part => string.Create(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(part)}\r\n{part}\r\n")));
        await stream.WriteAsync(Encoding.UTF8.GetBytes(request), limit.Token);
        var lines = new List<string>();
        await ReadAsync(new BufferedStream(stream), lines, limit.Token);
        return string.Join('\n', lines);
    }

    private static async Task ReadAsync(Stream stream, List<string> lines, CancellationToken cancellationToken)
    {
        string line = await ReadLineAsync(stream, cancellationToken);
        switch (line[0])
        {
            case '-':
                throw new InvalidOperationException(line[1..]);
            case '$':
                int length = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture);
                var bytes = new byte[Math.Max(0, length)];
                await stream.ReadExactlyAsync(bytes, cancellationToken);
                lines.Add(Encoding.UTF8.GetString(bytes));
                if (length >= 0)
                    await ReadLineAsync(stream, cancellationToken);
                break;
            case '*':
                for (int left = int.Parse(line.AsSpan(1), CultureInfo.InvariantCulture); left > 0; left--)
                    await ReadAsync(stream, lines, cancellationToken);
                break;
            default:
                lines.Add(line[1..]);
                break;
        }
    }

    private static async Task<string> ReadLineAsync(Stream stream, CancellationToken cancellationToken)
    {
        var line = new StringBuilder();
        var next = new byte[1];
        while (true)
        {
            await stream.ReadExactlyAsync(next, cancellationToken);
            if (next[0] == '\n')
                return line.ToString();
            if (next[0] != '\r')
                line.Append((char)next[0]);
        }
    }
}
