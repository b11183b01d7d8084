using Microsoft.Extensions.Logging.Abstractions;
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

    private RuntimeParts Create(IRedisConnectionSource source)
    {
        var components = new RuntimeComponents(
            _engine,
            source,
            OwnsConnection: true,
            EmbeddingGenerator: null,
            new AdaptiveContextLoader(),
            NullLoggerFactory.Instance,
            Meters: null,
            TimeProvider.System);
        return new RuntimeParts(new RedisInferOptions { ModelPath = "echo" }, components);
    }
}
