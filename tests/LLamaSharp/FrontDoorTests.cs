using Microsoft.Extensions.DependencyInjection;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.LLamaSharp;

/// <summary>Questions through the front door of a host that uses LLamaSharp.</summary>
public sealed class FrontDoorTests
{
    private const string Question = "How long are backups of the orders database kept?";

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HostAnswersAndReusesItsStatesAfterARestart()
    {
        using var data = new TemporaryFolder();
        RagAnswer cold, warm, restarted;
        await using (ServiceProvider provider = Start(data.Path))
        {
            IRagIndex index = provider.GetRequiredService<IRagIndex>();
            string handbook = Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook");
            await foreach (IndexedDocument document in index.AddDirectoryAsync(handbook, cancellationToken: TestEnds))
            {
                Assert.NotEqual(IndexingStatus.Failed, document.Status);
            }

            cold = await AskAsync(provider);
            warm = await AskAsync(provider);
        }

        await using (ServiceProvider provider = Start(data.Path))
        {
            restarted = await AskAsync(provider);
        }

        Assert.Contains("35 days", cold.Text, StringComparison.Ordinal);
        Assert.Equal("engineering/backups.md", Assert.Single(cold.Citations).Path);
        Assert.Equal([cold.Text, cold.Text], [warm.Text, restarted.Text]);
        Assert.True(warm.Usage.CachedTokens > cold.Usage.CachedTokens);
        Assert.Equal(warm.Usage.CachedTokens, restarted.Usage.CachedTokens);
        Assert.True(restarted.Context.RestoredTokens > 0);
    }

    private static async Task<RagAnswer> AskAsync(ServiceProvider provider) =>
        await provider.GetRequiredService<IRagGenerator>().GenerateAsync(new RagRequest(Question), TestEnds);

    private static ServiceProvider Start(string data)
    {
        var services = new ServiceCollection();
        services.AddRedisInfer(o =>
        {
            o.ModelPath = Path.Combine(Repository.Root, "models", "demo", "redisinfer-demo.gguf");
            o.Retrieval.TopK = 3;
            o.MaxOutputTokens = 96;
            o.Engine.Threads = 1;
            o.Capacity.MaxConcurrentRequests = 1;
        }).UseLLamaSharp().UseEmbeddedGarnet(garnet => garnet.DataDirectory = data);
        return services.BuildServiceProvider();
    }
}
