using RedisInfer.Garnet;
using RedisInfer.KvBlocks;
using RedisInfer.Redis;
using RedisInfer.Tests.Integration.Corpus;
using RedisInfer.Tests.Support;
using RedisInfer.Tests.Support.Servers;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.KvBlocks;

/// <summary>KV blocks on servers that are full, vanish, refuse commands, or form a cluster.</summary>
public sealed class KvBlockStoreServerTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(RedisVersion.V8, "volatile-lru")]
    [InlineData(RedisVersion.V8, "volatile-lfu")]
    [InlineData(RedisVersion.V7, "volatile-lru")]
    public async Task FullServerEvictsBlocksAndNoDocument(RedisVersion version, string policy)
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(
            version, new RedisServerOptions { MaxMemory = "48mb", MaxMemoryPolicy = policy });
        await using var source = new RedisConnectionSource(server.Configuration);
        using TestCorpus corpus = await TestCorpus.OpenAsync(await source.ConnectAsync(Cancellation));
        await using var store = KvTestStore.Open(source, corpus.Name);
        for (int i = 0; i < 20; i++)
        {
            await corpus.WriteAsync($"doc{i}", i % TestCorpus.Dimensions, $"before {i}");
        }

        // Twice as much as the server can hold.
        KvChain[] chains = [.. Enumerable.Range(0, 24).Select(seed => KvBlockStoreContractTests.Chain(blocks: 4, seed))];
        foreach (KvChain chain in chains)
        {
            await store.SaveAsync(chain, stateBytes: 1_000_000);
        }

        int whole = 0;
        foreach (KvChain chain in chains)
        {
            whole += (await store.LoadAsync(chain)).Count == 4 ? 1 : 0;
        }

        Assert.InRange(whole, 1, 12);
        Assert.All(await corpus.Store.FindManyAsync([.. Enumerable.Range(0, 20).Select(i => $"doc{i}")], Cancellation), Assert.NotNull);
        for (int axis = 0; axis < TestCorpus.Dimensions; axis++)
        {
            Assert.NotEmpty(await corpus.SearchAsync(axis));
        }

        await corpus.WriteAsync("late", 0, "a document still finds room");
        Assert.Empty(store.Warnings);
    }

    [Fact]
    public async Task FullServerThatEvictsNothingStillGivesTheBlocksItHas()
    {
        var time = new ManualTime();
        await using RedisServer server = await RedisServer.StartOrSkipAsync(
            RedisVersion.V8, new RedisServerOptions { MaxMemory = "24mb", MaxMemoryPolicy = "noeviction" });
        await using var source = new RedisConnectionSource(server.Configuration);
        await using var store = KvTestStore.Open(source, "docs", time: time);
        KvChain stored = KvBlockStoreContractTests.Chain(blocks: 4);
        await store.SaveAsync(stored, stateBytes: 1_000_000);

        KvChain refused = KvBlockStoreContractTests.Chain(blocks: 40, seed: 1);
        for (int i = 0; store.Blocks.Metrics[KvOutcome.Dropped] == 0; i = Math.Min(i + 1, 39))
        {
            if (store.Blocks.TryRent() is { } buffer)
                store.Blocks.Save(refused, i, buffer, 1_000_000);
            await Task.Delay(5, Cancellation);
        }

        Assert.Null(store.Blocks.TryRent());
        Assert.True(store.Blocks.Pause > TimeSpan.Zero);
        Assert.Contains("maxmemory", Assert.Single(store.Warnings), StringComparison.Ordinal);
        Assert.Equal(4, (await store.LoadAsync(stored)).Count);
        time.Advance(store.Blocks.Pause);
        Assert.Equal(TimeSpan.Zero, store.Blocks.Pause);
        using KvBuffer? later = store.Blocks.TryRent();
        Assert.NotNull(later);
    }

    [Fact]
    public async Task VanishedServerIsAMissAndIsUsedAgainWhenItIsBack()
    {
        var time = new ManualTime();
        RedisServer server = await RedisServer.StartOrSkipAsync(RedisVersion.V8);
        await using var source = new RedisConnectionSource(server.Configuration + ",asyncTimeout=1000,connectTimeout=1000");
        await using var store = KvTestStore.Open(source, "docs", time: time);
        KvChain chain = KvBlockStoreContractTests.Chain(blocks: 3);
        await store.SaveAsync(chain, stateBytes: 1000);
        int port = server.Port;
        await server.DisposeAsync();

        Assert.Equal(0, await store.Blocks.CountStoredAsync(chain, 0, Cancellation));
        Assert.Empty(await store.LoadAsync(chain));
        store.Blocks.Save(chain, 0, store.Blocks.TryRent()!, 1000);
        while (store.Blocks.Metrics[KvOutcome.Dropped] == 0)
        {
            await Task.Delay(5, Cancellation);
        }

        Assert.Contains("127.0.0.1", Assert.Single(store.Warnings), StringComparison.Ordinal);

        await using RedisServer back = await RedisServer.StartAsync(RedisVersion.V8, new RedisServerOptions { Port = port }, Cancellation);
        long saved = store.Blocks.Metrics[KvOutcome.Saved];
        while (store.Blocks.Metrics[KvOutcome.Saved] == saved)
        {
            time.Advance(TimeSpan.FromMinutes(1));
            if (store.Blocks.TryRent() is { } buffer)
                store.Blocks.Save(chain, 0, buffer, 1000);
            await Task.Delay(50, Cancellation);
        }

        Assert.Single(await store.LoadAsync(chain));
    }

    [Fact]
    public async Task ServerThatWasNeverThereIsAMiss()
    {
        await using var source = new RedisConnectionSource("127.0.0.1:1,connectTimeout=500");
        await using var store = KvTestStore.Open(source, "docs");
        KvChain chain = KvBlockStoreContractTests.Chain(blocks: 3);

        await store.Blocks.WarmUpAsync(chain.Identity, Cancellation);
        Assert.Equal(0, await store.Blocks.CountStoredAsync(chain, 0, Cancellation));
        Assert.Empty(await store.LoadAsync(chain));
        store.Blocks.Save(chain, 0, store.Blocks.TryRent()!, 1000);

        Assert.Single(store.Warnings);
    }

    [Fact]
    public async Task ServerThatIsDisposedOfBeforeTheStoreIsAMiss()
    {
        var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var store = KvTestStore.Open(server, "docs");
        KvChain chain = KvBlockStoreContractTests.Chain(blocks: 3);
        await store.SaveAsync(chain, stateBytes: 1000);
        KvBuffer buffer = store.Blocks.TryRent()!;
        await server.DisposeAsync();

        Assert.Equal(0, await store.Blocks.CountStoredAsync(chain, 0, Cancellation));
        Assert.Empty(await store.LoadAsync(chain));
        store.Blocks.Save(chain, 0, buffer, 1000);
    }

    [Theory]
    [InlineData(typeof(IOException))]
    [InlineData(typeof(UnauthorizedAccessException))]
    [InlineData(typeof(InvalidOperationException))]
    [InlineData(typeof(TaskCanceledException))]
    public async Task ConnectingThatFailsInAnyWayIsAMissWithAWarning(Type error)
    {
        var time = new ManualTime();
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var source = new FailingSource(server) { ConnectError = (Exception)Activator.CreateInstance(error)! };
        await using var store = KvTestStore.Open(source, "docs", maxSaveBuffers: 2, time: time);
        KvChain chain = KvBlockStoreContractTests.Chain(blocks: 3);

        await store.Blocks.WarmUpAsync(chain.Identity, Cancellation);

        Assert.Contains(server.Description, Assert.Single(store.Warnings), StringComparison.Ordinal);
        Assert.Equal(0, await store.Blocks.CountStoredAsync(chain, 0, Cancellation));
        Assert.Empty(await store.LoadAsync(chain));
        await DropAsync(store, chain, count: 5);
        source.ConnectError = null;
        time.Advance(TimeSpan.FromMinutes(1));
        await SaveAsync(store, chain);
        Assert.Single(await store.LoadAsync(chain));
    }

    [Fact]
    public async Task WorkThatFailsByAMistakeInCodeKeepsNoBufferAndNoOtherWorkFromBeingDone()
    {
        var time = new ManualTime();
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var source = new FailingSource(server) { ConnectError = new NullReferenceException() };
        await using var store = KvTestStore.Open(source, "docs", maxSaveBuffers: 2, time: time);
        KvChain chain = KvBlockStoreContractTests.Chain(blocks: 3);

        await DropAsync(store, chain, count: 5);

        Assert.Single(store.Warnings);
        source.ConnectError = null;
        time.Advance(TimeSpan.FromMinutes(1));
        await SaveAsync(store, chain);
    }

    [Fact]
    public async Task LoaderThatFailsIsAMissWithAWarning()
    {
        await using var server = new EmbeddedGarnetServer(new GarnetOptions { InMemory = true });
        await using var writer = KvTestStore.Open(server, "docs");
        await using var store = KvTestStore.Open(server, "docs", loader: new BrokenLoader());
        KvChain chain = KvBlockStoreContractTests.Chain(blocks: 1);
        await writer.SaveAsync(chain, stateBytes: 1000);

        Assert.Empty(await store.LoadAsync(chain));

        Assert.Equal(1, store.Blocks.Metrics[KvOutcome.Unavailable]);
        Assert.Single(store.Warnings);
        await using var other = KvTestStore.Open(server, "docs", loader: new BrokenLoader());
        await other.Blocks.WarmUpAsync(chain.Identity, Cancellation);
        Assert.Single(other.Warnings);
    }

    [Theory]
    [InlineData(RedisVersion.V8)]
    [InlineData(RedisVersion.V7)]
    public async Task UserWithTheListedRightsCanDoEverything(RedisVersion version)
    {
        string page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "REDIS_FORMAT.md"), Cancellation);
        string[] lines = [.. page.Split('\n').Where(l => l.StartsWith('+') && !l.Contains("vadd", StringComparison.Ordinal))];
        await using RedisServer server = await RedisServer.StartOrSkipAsync(version, new RedisServerOptions
        {
            AclRules = ["user default on nopass ~* &* +@all", $"user rag on >secret ~{{docs}}:* {string.Join(' ', lines)}"],
        });
        await using var source = new RedisConnectionSource(server.EndPoint + ",user=rag,password=secret");
        await using var store = KvTestStore.Open(source, "docs", new KvCacheOptions { MaxStoredBytes = 4000, TimeToLive = TimeSpan.FromSeconds(1000) });
        KvChain chain = KvBlockStoreContractTests.Chain(blocks: 8);

        await store.SaveAsync(chain, stateBytes: 1000);
        await store.LoadAsync(chain);
        await store.SaveAsync(KvBlockStoreContractTests.Chain(blocks: 2, seed: 1), stateBytes: 1000);

        Assert.Empty(store.Warnings);
        Assert.Equal(10, store.Blocks.Metrics[KvOutcome.Saved]);
    }

    [Fact]
    public async Task ClusterHoldsAllBlocksOfACorpusInOneSlot()
    {
        await using RedisServer server = await RedisServer.StartOrSkipAsync(
            RedisVersion.V8, new RedisServerOptions { ConfigurationLines = ["cluster-enabled yes"] });
        await using (var setUp = new RedisConnectionSource(server.Configuration))
        {
            IServer node = (await setUp.ConnectAsync(Cancellation)).GetServers()[0];
            await node.ExecuteAsync("CLUSTER", "ADDSLOTSRANGE", 0, 16383);
            while (!(await node.ExecuteAsync("CLUSTER", "INFO")).ToString().Contains("cluster_state:ok", StringComparison.Ordinal))
            {
                await Task.Delay(20, Cancellation);
            }
        }

        await using var source = new RedisConnectionSource(server.Configuration);
        await using var store = KvTestStore.Open(source, "docs", new KvCacheOptions { MaxStoredBytes = 50_000 });
        KvChain chain = KvBlockStoreContractTests.Chain(blocks: 4);

        await store.SaveAsync(KvBlockStoreContractTests.Chain(blocks: 20, seed: 1), stateBytes: 5000);
        await store.SaveAsync(chain, stateBytes: 5000);

        Assert.Equal(4, await store.Blocks.CountStoredAsync(chain, 0, Cancellation));
        Assert.Equal(4, (await store.LoadAsync(chain)).Count);
        Assert.Empty(store.Warnings);
    }

    /// <summary>Saves blocks that cannot be stored. If one kept its buffer, none would be left for the next.</summary>
    private static async Task DropAsync(KvTestStore store, KvChain chain, int count)
    {
        for (int dropped = 0; dropped < count; dropped++)
        {
            store.Blocks.Save(chain, 0, await RentAsync(store), 1000);
            await UntilAsync(() => store.Blocks.Metrics[KvOutcome.Dropped] > dropped);
        }
    }

    private static async Task SaveAsync(KvTestStore store, KvChain chain)
    {
        store.Blocks.Save(chain, 0, await RentAsync(store), 1000);
        await UntilAsync(() => store.Blocks.Metrics[KvOutcome.Saved] == 1);
    }

    private static async Task<KvBuffer> RentAsync(KvTestStore store)
    {
        KvBuffer? buffer = null;
        await UntilAsync(() => (buffer = store.Blocks.TryRent()) is not null);
        return buffer!;
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        timeout.CancelAfter(Patience);
        while (!condition())
        {
            await Task.Delay(5, timeout.Token);
        }
    }

    private sealed class BrokenLoader : IContextLoader
    {
        public ValueTask<LoadedContext?> LoadAsync(IDatabaseAsync database, RedisKey key, CancellationToken cancellationToken) =>
            ValueTask.FromException<LoadedContext?>(new InvalidDataException("The loader is broken."));
    }
}
