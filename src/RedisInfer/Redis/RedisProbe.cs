using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// First contact with a server, only for better errors. StackExchange.Redis needs several connect timeouts to notice that nothing listens
/// or that the server refuses it. It then does not always report why.
/// </summary>
internal static class RedisProbe
{
    private const int LongestAnswerBytes = 4096;

    /// <summary>Connects to the first reachable address, and authenticates there.</summary>
    /// <param name="options">The configuration.</param>
    /// <returns>The server's answer; empty if the server was not asked, because it uses TLS or is a sentinel.</returns>
    /// <exception cref="SocketException">No address can be connected to.</exception>
    /// <exception cref="TimeoutException">A server accepted the connection but does not answer.</exception>
    public static async Task<string> AskAsync(ConfigurationOptions options)
    {
        SocketException? failure = null;
        foreach (EndPoint endPoint in options.EndPoints)
        {
            using Socket socket = endPoint is UnixDomainSocketEndPoint
                ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
                : new Socket(SocketType.Stream, ProtocolType.Tcp);
            using var limit = new CancellationTokenSource(options.ConnectTimeout);
            try
            {
                await socket.ConnectAsync(endPoint, limit.Token).ConfigureAwait(false);
            }
            catch (SocketException e)
            {
                failure = e;
                continue;
            }
            catch (OperationCanceledException)
            {
                failure = new SocketException((int)SocketError.TimedOut);
                continue;
            }

            return options.Ssl || options.ServiceName is not null ? "" : await GreetAsync(socket, options, limit.Token).ConfigureAwait(false);
        }

        throw failure!;
    }

    private static async Task<string> GreetAsync(Socket socket, ConfigurationOptions options, CancellationToken limit)
    {
        string[] auth = options switch
        {
            { Password: not { Length: > 0 } } => [],
            { User: { Length: > 0 } user } => ["AUTH", user, options.Password],
            _ => ["AUTH", options.Password],
        };
        int expectedLines = auth.Length == 0 ? 1 : 2;
        try
        {
            await socket.SendAsync(Encoding.UTF8.GetBytes(Command(auth) + Command(["PING"])), limit).ConfigureAwait(false);
            byte[] answer = new byte[LongestAnswerBytes];
            int length = 0, read;
            do
            {
                read = await socket.ReceiveAsync(answer.AsMemory(length), limit).ConfigureAwait(false);
                length += read;
            }
            while (read > 0 && length < answer.Length && answer.AsSpan(0, length).Count((byte)'\n') < expectedLines);
            return Encoding.UTF8.GetString(answer, 0, length);
        }
        catch (OperationCanceledException e)
        {
            throw new TimeoutException("No answer to PING.", e);
        }
        catch (SocketException)
        {
            // The server closed the connection during the exchange. The real connection will report why.
            return "";
        }
    }

    private static string Command(string[] words) => words.Length == 0
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"*{words.Length}\r\n")
            + string.Concat(words.Select(w => string.Create(CultureInfo.InvariantCulture, $"${Encoding.UTF8.GetByteCount(w)}\r\n{w}\r\n")));
}
