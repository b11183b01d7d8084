using Microsoft.Extensions.DependencyInjection;
using RedisInfer.Orleans;

namespace RedisInfer.Tests.Orleans;

public sealed class RegistrationTests
{
    [Fact]
    public async Task AHostWithoutASiloIsToldSo()
    {
        var services = new ServiceCollection();
        services.AddRedisInfer(o => (o.ModelPath, o.Redis) = ("model.gguf", "127.0.0.1:1")).UseOrleans();
        await using ServiceProvider provider = services.BuildServiceProvider();

        InvalidOperationException error = Assert.Throws<InvalidOperationException>(() => provider.GetRequiredService<IRagGenerator>());

        Assert.Contains("UseRedisInferCluster", error.Message, StringComparison.Ordinal);
        Assert.Contains("AddRedisInferClient", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryWrongOptionIsNamed()
    {
        var options = new OrleansRoutingOptions { SilenceTimeout = TimeSpan.Zero, LoadFactor = double.NaN, ReportInterval = TimeSpan.FromHours(1) };

        Assert.Empty(new OrleansRoutingOptions().Validate());
        Assert.Equal(["SilenceTimeout", "LoadFactor", "ReportInterval"], options.Validate().Select(problem => problem.Split(' ')[0]));
    }
}
