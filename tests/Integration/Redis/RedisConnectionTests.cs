using RedisInfer.Redis;
using RedisInfer.Tests.Support.Servers;

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
}
