using System.Net;
using System.Net.Sockets;
using System.Text;
using RedisInfer.Errors;
using RedisInfer.Redis;

namespace RedisInfer.Tests.Integration.Redis;

/// <summary>A server whose answers would make the client's reader leave its buffer.</summary>
public sealed class BrokenAnswerTests
{
    [Theory]
    [InlineData("$2147483647\r\nabc\r\n")]
    [InlineData("$2147483645\r\n")]
    [InlineData("*3\r\n$2147483640\r\nabc\r\n")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n")]
    public async Task LengthThatNoRedisSendsEndsTheConnectionAndNotTheProcess(string answer)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        using var stop = new CancellationTokenSource();
        Task serving = ServeAsync(listener, answer, stop.Token);
        await using var source = new RedisConnectionSource($"127.0.0.1:{((IPEndPoint)listener.LocalEndpoint).Port},connectTimeout=1000");

        RedisInferException e = await Assert.ThrowsAsync<RedisInferException>(
            async () => await (await source.ConnectAsync(TestContext.Current.CancellationToken)).GetDatabase().PingAsync());

        Assert.Equal(RedisInferErrorCode.StoreUnavailable, e.Code);
        await stop.CancelAsync();
        await ((Task)serving).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ContinueOnCapturedContext);
    }

    // Answers the first contact as Redis does, and everything on later connections with the broken answer.
    private static async Task ServeAsync(TcpListener listener, string answer, CancellationToken stop)
    {
        for (int connections = 0; ; connections++)
        {
            using Socket client = await listener.AcceptSocketAsync(stop);
            byte[] buffer = new byte[4096];
            await client.ReceiveAsync(buffer, stop);
            await client.SendAsync(Encoding.ASCII.GetBytes(connections == 0 ? "+PONG\r\n" : answer), stop);
            await client.ReceiveAsync(buffer, stop);
        }
    }
}
