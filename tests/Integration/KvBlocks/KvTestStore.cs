using System.Buffers;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Records;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.KvBlocks.InRedis;
using RedisInfer.Redis;
using RedisInfer.Tests.Support;
using StackExchange.Redis;

namespace RedisInfer.Tests.Integration.KvBlocks;

/// <summary>A KV block store as one process has it, with the steps of a decode loop that save and restore.</summary>
internal sealed class KvTestStore : IAsyncDisposable
{
    private readonly RecordingLog _log = new();
    private readonly Meter _meter = new("RedisInfer.Tests");
    private readonly IRedisConnectionSource _plain;

    private KvTestStore(
        IRedisConnectionSource source, string corpus, KvBlockSize size, KvCacheOptions options, IContextLoader? loader, int maxSaveBuffers, TimeProvider time)
    {
        Keys = new CorpusKeys(corpus);
        _plain = source.OpenCache(MemoryPool<byte>.Shared);
        Blocks = new RedisKvBlockStore(
            source, corpus, size, loader ?? new AdaptiveContextLoader(), options, _meter, _log.CreateLogger("KV"), time, maxSaveBuffers);
    }

    public CorpusKeys Keys { get; }

    public RedisKvBlockStore Blocks { get; }

    public IEnumerable<string> Warnings => _log.Entries.Where(e => e.Level == LogLevel.Warning).Select(e => e.Message);

    /// <summary>Opens a store. Its blocks are small, so that a chain has many.</summary>
    public static KvTestStore Open(
        IRedisConnectionSource source,
        string corpus,
        KvCacheOptions? options = null,
        IContextLoader? loader = null,
        KvBlockSize? size = null,
        int maxSaveBuffers = 8,
        TimeProvider? time = null) =>
        new(source, corpus, size ?? new KvBlockSize(8, 1 << 20), options ?? new KvCacheOptions(), loader, maxSaveBuffers, time ?? TimeProvider.System);

    public static KvIdentity Identity(string secret = "secret", string tenant = "", string fingerprint = "model") =>
        new(System.Text.Encoding.UTF8.GetBytes(secret), fingerprint, tenant);

    /// <summary>Saves the KV state of each block through a scratch sequence, as the decode loop does.</summary>
    public async Task SaveAsync(IInferenceContext context, KvChain chain, int sequence, int scratch)
    {
        for (int i = 0; i < chain.Blocks.Count; i++)
        {
            KvBlock block = chain.Blocks[i];
            context.CopySequence(sequence, scratch, block.Start, block.End);
            KvBuffer buffer = await RentAsync();
            int length = context.SaveState(scratch, buffer.State);
            context.RemoveSequence(scratch);
            Blocks.Save(chain, i, buffer, length);
        }

        await SavedAsync(chain.Blocks.Count);
    }

    /// <summary>Saves blocks of random bytes.</summary>
    public async Task SaveAsync(KvChain chain, int stateBytes)
    {
        for (int i = 0; i < chain.Blocks.Count; i++)
        {
            byte[] state = new byte[stateBytes];
            new Random(i).NextBytes(state);
            await SaveAsync(chain, i, state);
        }
    }

    /// <summary>Saves one block.</summary>
    public async Task SaveAsync(KvChain chain, int index, byte[] state)
    {
        long before = Blocks.Metrics[KvOutcome.Saved];
        KvBuffer buffer = await RentAsync();
        state.CopyTo(buffer.State);
        Blocks.Save(chain, index, buffer, state.Length);
        await SavedAsync(before + 1);
    }

    /// <summary>Restores the stored blocks into a sequence through a scratch sequence, as the decode loop does.</summary>
    /// <returns>The number of restored blocks.</returns>
    public async Task<int> RestoreAsync(IInferenceContext context, KvChain chain, int sequence, int scratch)
    {
        int restored = 0;
        await foreach (LoadedKvBlock loaded in Blocks.LoadAsync(chain, 0, chain.Blocks.Count, TestContext.Current.CancellationToken))
        {
            using (loaded)
            {
                context.LoadState(scratch, loaded.State.Span);
                context.CopySequence(scratch, sequence, loaded.Block.Start, loaded.Block.End);
                context.RemoveSequence(scratch);
                restored++;
            }
        }

        return restored;
    }

    /// <summary>Loads the states of the blocks, up to the first missing block.</summary>
    public async Task<List<byte[]>> LoadAsync(KvChain chain)
    {
        var states = new List<byte[]>();
        await foreach (LoadedKvBlock loaded in Blocks.LoadAsync(chain, 0, chain.Blocks.Count, TestContext.Current.CancellationToken))
        {
            states.Add(loaded.State.ToArray());
            loaded.Dispose();
        }

        return states;
    }

    /// <summary>Connects to the database that holds the blocks, for a test that changes them.</summary>
    public async Task<IDatabase> ConnectAsync() => (await _plain.ConnectAsync(TestContext.Current.CancellationToken)).GetDatabase();

    public RedisKey KeyOf(KvBlock block) => Keys.KvBlock(block.Key.ToString());

    public async ValueTask DisposeAsync()
    {
        await Blocks.DisposeAsync();
        _meter.Dispose();
        await _plain.DisposeAsync();
    }

    private async Task<KvBuffer> RentAsync()
    {
        while (true)
        {
            if (Blocks.TryRent() is { } buffer)
                return buffer;
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }

    private async Task SavedAsync(long count)
    {
        while (Blocks.Metrics[KvOutcome.Saved] < count)
        {
            Assert.Equal(0, Blocks.Metrics[KvOutcome.Dropped]);
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }
    }
}
