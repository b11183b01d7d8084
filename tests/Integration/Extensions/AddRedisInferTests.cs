using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RedisInfer.Chunking;
using RedisInfer.Errors;
using RedisInfer.Garnet;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Gguf;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.Extensions;

public sealed class AddRedisInferTests(GarnetFixture server) : IClassFixture<GarnetFixture>
{
    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task HostOnEmbeddedGarnetIndexesAndAnswers()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRedisInfer(Configure).UseEmbeddedGarnet(o => o.InMemory = true).WarmUpOnStart();
        using IHost host = builder.Build();
        await host.StartAsync(TestEnds);

        IRagIndex index = host.Services.GetRequiredService<IRagIndex>();
        await index.AddAsync(new RagDocument("a.md", "The gateway listens on port 8443."), TestEnds);
        RagAnswer answer = await host.Services.GetRequiredService<IRagGenerator>()
            .GenerateAsync(new RagRequest("Which port does the gateway listen on?"), TestEnds);

        Assert.Equal("a.md", Assert.Single(answer.Passages).Path);
        await host.StopAsync(TestEnds);
    }

    [Fact]
    public async Task StartFailsWithAllProblemsInOneMessage()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddRedisInfer(o =>
        {
            o.Retrieval.TopK = 0;
            o.Corpus = "no spaces";
            o.Sampling = o.Sampling with { TopP = 2 };
            o.Chunking.MaxTokens = 1;
            (o.Engine.KvType, o.Engine.FlashAttention) = (KvType.Q8_0, false);
        });
        using IHost host = builder.Build();

        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestEnds));

        foreach (string problem in (string[])["ModelPath is empty", "TopK is 0", "'no spaces'", "TopP is 2", "MaxTokens is 1", "FlashAttention is off"])
        {
            Assert.Contains(problem, error.Message);
        }
    }

    [Fact]
    public async Task HostThatNamesNoServerLearnsItsThreeChoices()
    {
        var services = new ServiceCollection();
        services.AddRedisInfer(Configure);
        await using ServiceProvider provider = services.BuildServiceProvider();

        var error = Assert.Throws<RedisInferException>(() => provider.GetRequiredService<IRagGenerator>());

        Assert.Equal(RedisInferErrorCode.InvalidOptions, error.Code);
        Assert.Contains("UseEmbeddedGarnet", error.Message);
    }

    [Fact]
    public async Task ConnectionThatTheHostHasRegisteredIsUsedAndLeftOpen()
    {
        IConnectionMultiplexer connection = await server.ConnectAsync();
        var services = new ServiceCollection();
        services.AddSingleton(connection);
        services.AddRedisInfer(Configure);
        await using (ServiceProvider provider = services.BuildServiceProvider())
        {
            await provider.GetRequiredService<RagRuntime>().WarmUpAsync(cancellationToken: TestEnds);
            await provider.GetRequiredService<RagRuntime>().DisposeAsync();
        }

        var again = new RagRuntime(NewOptions(), new RagComponents { Connection = server.Connection });
        await again.WarmUpAsync(cancellationToken: TestEnds);
        await again.DisposeAsync();
        Assert.True(connection.IsConnected);
    }

    [Fact]
    public async Task KeyedRuntimesHaveTheirOwnOptionsPartsAndDocuments()
    {
        var services = new ServiceCollection();
        services.AddKeyedRedisInfer("law", Configure).UseEmbeddedGarnet(o => o.InMemory = true).UseChunker<WholeDocumentChunker>();
        services.AddKeyedRedisInfer("code", Configure).UseEmbeddedGarnet(o => o.InMemory = true);
        await using ServiceProvider provider = services.BuildServiceProvider();
        var document = new RagDocument("a.md", string.Join("\n\n", Enumerable.Range(0, 60).Select(i => $"Paragraph number {i} of the text.")));

        IndexedDocument law = await provider.GetRequiredKeyedService<IRagIndex>("law").AddAsync(document, TestEnds);
        IndexedDocument code = await provider.GetRequiredKeyedService<IRagIndex>("code").AddAsync(document, TestEnds);

        Assert.Equal(1, law.ChunkCount);
        Assert.True(code.ChunkCount > 1);
        Assert.Null(provider.GetService<IRagIndex>());
    }

    [Fact]
    public async Task KeyedRuntimesOfOneModelAreMeasuredApart()
    {
        var services = new ServiceCollection();
        services.AddMetrics();
        services.AddKeyedRedisInfer("law", Configure).UseEmbeddedGarnet(o => o.InMemory = true);
        services.AddKeyedRedisInfer("code", Configure).UseEmbeddedGarnet(o => o.InMemory = true);
        await using ServiceProvider provider = services.BuildServiceProvider();
        var meters = provider.GetRequiredService<IMeterFactory>();
        var keys = new ConcurrentBag<object?>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Name == "redisinfer.queue.length")
            {
                keys.Add(instrument.Meter.Tags!.SingleOrDefault(tag => tag.Key == "redisinfer.key").Value);
            }
        };
        listener.Start();

        await provider.GetRequiredKeyedService<RagRuntime>("law").WarmUpAsync(cancellationToken: TestEnds);
        await provider.GetRequiredKeyedService<RagRuntime>("code").WarmUpAsync(cancellationToken: TestEnds);

        Assert.Equal(["code", "law"], keys.Order());
    }

    [Fact]
    public async Task OptionsComeFromConfigurationAndUnknownNamesAreRefused()
    {
        using ServiceProvider good = Bind(("ModelPath", TestModels.Text), ("Retrieval:TopK", "7"), ("Chunking:MaxTokens", "64"));
        using ServiceProvider bad = Bind(("ModelPath", TestModels.Text), ("Retrieval:TopKay", "7"));

        RedisInferOptions options = good.GetRequiredService<IOptions<RedisInferOptions>>().Value;

        Assert.Equal((7, 64), (options.Retrieval.TopK, options.Chunking.MaxTokens));
        Assert.Contains("TopKay", Assert.ThrowsAny<InvalidOperationException>(() => bad.GetRequiredService<IOptions<RedisInferOptions>>().Value).Message);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task WarmUpReportsEachStageInOrder()
    {
        await using var runtime = new RagRuntime(NewOptions(), new RagComponents { Connection = server.Connection });
        var stages = new List<WarmUpStage>();

        await runtime.WarmUpAsync(new Reporter(progress => stages.Add(progress.Stage)), TestEnds);

        Assert.Equal([WarmUpStage.Connecting, WarmUpStage.LoadingModel, WarmUpStage.Ready], stages.Distinct());
    }

    [Fact]
    public async Task ModelThatIsMissingAtFirstIsFoundAtTheNextTry()
    {
        string path = Path.Combine(Path.GetTempPath(), $"redisinfer-{Guid.NewGuid():N}.gguf");
        RedisInferOptions options = NewOptions();
        options.ModelPath = path;
        await using var runtime = new RagRuntime(options, new RagComponents { Connection = server.Connection });

        var error = await Assert.ThrowsAsync<RedisInferException>(() => runtime.WarmUpAsync(cancellationToken: TestEnds));
        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, error.Code);

        File.Copy(TestModels.Text, path);
        try
        {
            await runtime.WarmUpAsync(cancellationToken: TestEnds);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task DisposalWhileLoadingEndsTheLoadAndLeavesNothing()
    {
        var runtime = new RagRuntime(NewOptions(), new RagComponents { Connection = server.Connection });
        Task warmUp = runtime.WarmUpAsync(cancellationToken: TestEnds);

        await runtime.DisposeAsync();

        if (await Record.ExceptionAsync(() => warmUp) is { } error)
        {
            Assert.IsType<ObjectDisposedException>(error);
        }

        await Assert.ThrowsAsync<ObjectDisposedException>(() => runtime.WarmUpAsync(cancellationToken: TestEnds));
    }

    [Fact]
    public async Task QuestionIsAnsweredAlthoughTheCacheOfTheEmbeddedServerCannotStart()
    {
        using var folder = new TempFolder();
        await using var garnet = new EmbeddedGarnetServer(new GarnetOptions { DataDirectory = folder["data"] });
        await garnet.ConnectAsync(TestEnds);
        await File.WriteAllTextAsync(folder["data/cache"], "not a folder", TestEnds);
        var log = new RecordingLog();
        await using var runtime = new RagRuntime(NewOptions(), new RagComponents { Connection = garnet, LoggerFactory = log });
        await runtime.Index.AddAsync(new RagDocument("a.md", "The gateway listens on port 8443."), TestEnds);

        RagAnswer answer = await runtime.Generator.GenerateAsync(new RagRequest("Which port does the gateway listen on?"), TestEnds);

        Assert.Equal("a.md", Assert.Single(answer.Passages).Path);
        IEnumerable<string> warnings = log.Entries.Where(e => e.Level == LogLevel.Warning).Select(e => e.Message);
        Assert.Contains(warnings, warning => warning.Contains(folder["data/cache"], StringComparison.Ordinal));
    }

    private static void Configure(RedisInferOptions options)
    {
        options.ModelPath = TestModels.Text;
        options.Corpus = ServerFixture.UniqueName();
        options.MaxOutputTokens = 8;
    }

    private static RedisInferOptions NewOptions()
    {
        var options = new RedisInferOptions();
        Configure(options);
        return options;
    }

    private static ServiceProvider Bind(params (string Name, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create(setting.Name, (string?)setting.Value)))
            .Build();
        var services = new ServiceCollection();
        services.AddRedisInfer(configuration);
        return services.BuildServiceProvider();
    }

    private sealed class Reporter(Action<WarmUpProgress> report) : IProgress<WarmUpProgress>
    {
        public void Report(WarmUpProgress value) => report(value);
    }

    private sealed class WholeDocumentChunker : IChunker
    {
        public string Identity => "whole";

        public IReadOnlyList<Chunk> Split(RagDocument document, TokenCounter countTokens) =>
            [new Chunk(0, document.Text, 1, document.Text.Count(c => c == '\n') + 1)];
    }
}
