using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RedisInfer.Garnet;
using RedisInfer.Redis;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Garnet;

public sealed class UseEmbeddedGarnetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task RuntimeGetsTheEmbeddedServer()
    {
        var services = new ServiceCollection();
        services.AddRedisInfer(o => o.ModelPath = "model.gguf").UseEmbeddedGarnet(o => o.InMemory = true);
        await using var provider = services.BuildServiceProvider();

        var source = provider.GetRequiredService<IRedisConnectionSource>();

        Assert.IsType<EmbeddedGarnetServer>(source);
        Assert.True((await source.ConnectAsync(Cancellation)).IsConnected);
    }

    [Fact]
    public async Task RuntimesOfOneHostHaveServersOfTheirOwn()
    {
        using var folder = new TempFolder();
        var services = new ServiceCollection();
        services.AddKeyedRedisInfer("one", o => o.ModelPath = "model.gguf").UseEmbeddedGarnet(o => o.DataDirectory = folder["one"]);
        services.AddKeyedRedisInfer("two", o => o.ModelPath = "model.gguf").UseEmbeddedGarnet(o => o.DataDirectory = folder["two"]);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredKeyedService<IRedisConnectionSource>("one").ConnectAsync(Cancellation);
        await provider.GetRequiredKeyedService<IRedisConnectionSource>("two").ConnectAsync(Cancellation);

        Assert.True(Directory.Exists(folder["one"]));
        Assert.True(Directory.Exists(folder["two"]));
    }

    [Fact]
    public async Task HostDoesNotStartWithoutAPlaceForTheData()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRedisInfer(o => o.ModelPath = "model.gguf").UseEmbeddedGarnet(_ => { });
        using var host = builder.Build();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(Cancellation));

        IEnumerable<Exception> all = error is AggregateException many ? many.InnerExceptions : [error];
        Assert.Contains(all.OfType<OptionsValidationException>().SelectMany(e => e.Failures), f => f.Contains("DataDirectory"));
    }
}
