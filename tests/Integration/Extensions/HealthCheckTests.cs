using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;

namespace RedisInfer.Tests.Integration.Extensions;

/// <summary>Health checks against real servers.</summary>
public sealed class HealthCheckTests
{
    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisVersion.V7)]
    [InlineData(RedisVersion.V8)]
    public async Task AHealthyHostIsHealthyWithItsFigures(RedisVersion version)
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(version);
        await using ServiceProvider host = Host(server.EndPoint);

        HealthReportEntry before = await CheckAsync(host);
        RagRuntime runtime = host.GetRequiredService<RagRuntime>();
        Assert.False(runtime.GetStatus().IsReady);
        await runtime.Index.AddAsync(new RagDocument("a.md", "Backups are kept for 90 days."), TestEnds);
        await runtime.WarmUpAsync(cancellationToken: TestEnds);
        HealthReportEntry after = await CheckAsync(host);

        Assert.Equal((HealthStatus.Healthy, null), (before.Status, before.Description));
        Assert.Equal((false, 0L, "empty"), (before.Data["model_loaded"], before.Data["corpus_documents"], before.Data["corpus_match"]));
        Assert.Equal((HealthStatus.Healthy, null), (after.Status, after.Description));
        Assert.Equal((true, 1L, "yes"), (after.Data["model_loaded"], after.Data["corpus_documents"], after.Data["corpus_match"]));
        Assert.Equal(64, after.Data["queue_capacity"]);
        Assert.Equal("noeviction", after.Data["redis_eviction_policy"]);
        Assert.True((double)after.Data["redis_ping_ms"] > 0);
    }

    [Fact]
    public async Task AServerThatIsDownIsUnhealthyWithinSeconds()
    {
        RedisServer server = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        await using ServiceProvider host = Host(server.EndPoint);
        await host.GetRequiredService<RagRuntime>().Index.AddAsync(new RagDocument("a.md", "Backups are kept for 90 days."), TestEnds);
        await server.DisposeAsync();
        await using ServiceProvider neverThere = Host("127.0.0.1:1");
        long start = Stopwatch.GetTimestamp();

        HealthReportEntry gone = await CheckAsync(host);
        HealthReportEntry never = await CheckAsync(neverThere);

        Assert.Equal((HealthStatus.Unhealthy, HealthStatus.Unhealthy), (gone.Status, never.Status));
        Assert.Contains(server.EndPoint, gone.Description, StringComparison.Ordinal);
        Assert.Contains("127.0.0.1:1", never.Description, StringComparison.Ordinal);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task ACorpusOfAnotherEmbeddingIsUnhealthy()
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        await using (ServiceProvider first = Host(server.EndPoint, o => o.EmbeddingModelPath = TestModels.BertEmbedding))
        {
            await first.GetRequiredService<RagRuntime>().Index.AddAsync(new RagDocument("a.md", "Backups are kept for 90 days."), TestEnds);
        }

        await using ServiceProvider words = Host(server.EndPoint);
        HealthReportEntry withoutEmbedding = await CheckAsync(words);
        await using ServiceProvider other = Host(server.EndPoint, o => o.EmbeddingModelPath = TestModels.Qwen3Embedding);
        HealthReportEntry notLoaded = await CheckAsync(other);
        await other.GetRequiredService<RagRuntime>().WarmUpAsync(cancellationToken: TestEnds);
        HealthReportEntry loaded = await CheckAsync(other);

        Assert.Equal((HealthStatus.Unhealthy, "no"), (withoutEmbedding.Status, withoutEmbedding.Data["corpus_match"]));
        Assert.Equal((HealthStatus.Healthy, "unknown"), (notLoaded.Status, notLoaded.Data["corpus_match"]));
        Assert.Equal((HealthStatus.Unhealthy, "no"), (loaded.Status, loaded.Data["corpus_match"]));
        Assert.Contains("embedding", loaded.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("allkeys-lru", "500mb", HealthStatus.Degraded)]
    [InlineData("volatile-lru", "500mb", HealthStatus.Healthy)]
    [InlineData("noeviction", "500mb", HealthStatus.Healthy)]
    [InlineData("noeviction", "1mb", HealthStatus.Degraded)]
    public async Task APolicyThatLosesOrRefusesDocumentsIsDegraded(string policy, string limit, HealthStatus expected)
    {
        var options = new RedisServerOptions { MaxMemory = limit, MaxMemoryPolicy = policy };
        await using RedisServer server = await RedisServer.StartOrSkipAsync(RedisVersion.V8, options);
        await using ServiceProvider host = Host(server.EndPoint);

        HealthReportEntry found = await CheckAsync(host);

        Assert.Equal(expected, found.Status);
        Assert.Equal(policy, found.Data["redis_eviction_policy"]);
        Assert.Equal(expected == HealthStatus.Degraded, found.Description?.Contains("volatile-lru", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task AModelThatCannotBeLoadedIsUnhealthyAndNotLoaded()
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        await using ServiceProvider host = Host(server.EndPoint, o => o.ModelPath = "missing.gguf");

        HealthReportEntry found = await CheckAsync(host);

        Assert.Equal(HealthStatus.Unhealthy, found.Status);
        Assert.Contains("missing.gguf", found.Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFullQueueIsDegraded()
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        await using ServiceProvider host = Host(server.EndPoint, o => o.Capacity = new() { MaxConcurrentRequests = 1, QueueCapacity = 1, ContextSize = 1024 });
        RagRuntime runtime = host.GetRequiredService<RagRuntime>();
        await runtime.Index.AddAsync(new RagDocument("a.md", "Backups are kept for 90 days."), TestEnds);
        await runtime.WarmUpAsync(cancellationToken: TestEnds);
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(TestEnds);

        // The first stops reading, so it keeps the context. The second waits in the queue.
        await using IAsyncEnumerator<RagUpdate> first = Ask(runtime, leave.Token);
        await first.MoveNextAsync();
        await first.MoveNextAsync();
        await using IAsyncEnumerator<RagUpdate> second = Ask(runtime, leave.Token);
        await second.MoveNextAsync();
        HealthReportEntry full = await CheckAsync(host);
        await leave.CancelAsync();

        Assert.Equal(HealthStatus.Degraded, full.Status);
        Assert.Contains("queue is full", full.Description, StringComparison.Ordinal);
        Assert.Equal((1, 1), (full.Data["running"], full.Data["waiting"]));
    }

    [Fact]
    public async Task EachRuntimeHasACheckOfItsOwn()
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddKeyedRedisInfer("good", o => (o.ModelPath, o.Redis) = (TestModels.Text, server.EndPoint));
        services.AddKeyedRedisInfer("bad", o => (o.ModelPath, o.Redis) = ("missing.gguf", server.EndPoint));
        services.AddHealthChecks().AddRedisInfer("good").AddRedisInfer("bad", failureStatus: HealthStatus.Degraded, tags: ["ready"]);
        await using ServiceProvider host = services.BuildServiceProvider();

        HealthReport report = await host.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestEnds);

        Assert.Equal(HealthStatus.Healthy, report.Entries["redisinfer-good"].Status);
        Assert.Equal(HealthStatus.Degraded, report.Entries["redisinfer-bad"].Status);
        Assert.Equal(["ready"], report.Entries["redisinfer-bad"].Tags);
    }

    private static IAsyncEnumerator<RagUpdate> Ask(RagRuntime runtime, CancellationToken cancellationToken) => runtime.Generator
        .GenerateStreamingAsync(new RagRequest("How long are backups kept?") { MaxOutputTokens = 500 }, cancellationToken).GetAsyncEnumerator(cancellationToken);

    private static ServiceProvider Host(string redis, Action<RedisInferOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddRedisInfer(o =>
        {
            (o.ModelPath, o.Redis, o.Engine.Threads) = (TestModels.Text, redis, 1);
            configure?.Invoke(o);
        });
        services.AddHealthChecks().AddRedisInfer();
        return services.BuildServiceProvider();
    }

    private static async Task<HealthReportEntry> CheckAsync(ServiceProvider host) =>
        Assert.Single((await host.GetRequiredService<HealthCheckService>().CheckHealthAsync(TestEnds)).Entries).Value;
}
