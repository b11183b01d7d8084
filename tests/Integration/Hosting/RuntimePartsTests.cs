using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Errors;
using RedisInfer.Garnet;
using RedisInfer.Hosting;
using RedisInfer.Redis;
using RedisInfer.Tests.Integration.KvBlocks;

namespace RedisInfer.Tests.Integration.Hosting;

/// <summary>How the parts of a runtime are created and freed.</summary>
public sealed class RuntimePartsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private readonly EchoEngine _engine = new();

    [Fact]
    public async Task ModelAndConnectionAreFreedEvenIfAnotherPartFailsToEnd()
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        var source = new FailingSource(server) { DisposalError = new IOException("It does not close.") };
        RuntimeParts parts = Create(source);
        await parts.GetPipelineAsync(Cancellation);

        await Assert.ThrowsAsync<IOException>(() => parts.DisposeAsync().AsTask());

        Assert.Equal([true], _engine.Disposed);
        Assert.True(source.Disposed);
    }

    [Fact]
    public async Task StartsThatFailAddNoInstrumentsToTheMetersOfTheHost()
    {
        await using ServiceProvider host = new ServiceCollection().AddMetrics().BuildServiceProvider();
        var meters = host.GetRequiredService<IMeterFactory>();
        var names = new ConcurrentQueue<string>();
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, _) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                names.Enqueue(instrument.Name);
            }
        };
        listener.Start();
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using RuntimeParts parts = Create(new FailingSource(server), meters);
        _engine.ContextError = new RedisInferException(RedisInferErrorCode.OverBudget, "There is no room for the context.");
        for (int i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<RedisInferException>(() => parts.GetPipelineAsync(Cancellation).AsTask());
        }

        _engine.ContextError = null;
        await parts.GetPipelineAsync(Cancellation);

        Assert.Contains("redisinfer.queue.length", names);
        Assert.Equal(names.Distinct(), names);
    }

    private RuntimeParts Create(IRedisConnectionSource source, IMeterFactory? meters = null)
    {
        var components = new RuntimeComponents(
            _engine,
            source,
            OwnsConnection: true,
            EmbeddingGenerator: null,
            Reranker: null,
            new AdaptiveContextLoader(),
            NullLoggerFactory.Instance,
            meters,
            TimeProvider.System,
            Key: null);
        return new RuntimeParts(new RedisInferOptions { ModelPath = "echo" }, components);
    }
}
