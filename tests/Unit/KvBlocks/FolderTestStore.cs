using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging;
using RedisInfer.KvBlocks;
using RedisInfer.KvBlocks.InFolder;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Unit.KvBlocks;

/// <summary>A store of KV blocks in a folder, as one process has it.</summary>
internal sealed class FolderTestStore : IAsyncDisposable
{
    public const int StateBytes = 100_000;

    private readonly RecordingLog _log = new();
    private readonly Meter _meter = new("RedisInfer.Tests");

    public FolderTestStore(string folder, long maxBytes = 1L << 30, TimeProvider? time = null)
    {
        Folder = Path.Combine(folder, BlockFolder.Name);
        Blocks = new FolderKvBlockStore(
            new KvCacheOptions { Directory = folder, DirectoryBytes = maxBytes },
            new KvBlockSize(8, StateBytes),
            _meter,
            _log.CreateLogger("KV"),
            time ?? TimeProvider.System);
    }

    /// <summary>The folder of the blocks.</summary>
    public string Folder { get; }

    public FolderKvBlockStore Blocks { get; }

    public IReadOnlyList<string> Warnings => [.. _log.Entries.Where(entry => entry.Level == LogLevel.Warning).Select(entry => entry.Message)];

    /// <summary>All files, the blocks and others.</summary>
    public string[] Files => Directory.GetFiles(Folder);

    public static KvIdentity Identity(string secret = "secret", string tenant = "", string fingerprint = "model") =>
        new(System.Text.Encoding.UTF8.GetBytes(secret), fingerprint, tenant);

    public static KvChain Chain(int blocks, int seed = 0, KvIdentity? identity = null) =>
        KvChain.Cut(identity ?? Identity(), [.. Enumerable.Range(seed * 1000, blocks * 8)], [blocks * 8], 8);

    public static byte[] State(int seed, int bytes)
    {
        byte[] state = new byte[bytes];
        new Random(seed).NextBytes(state);
        return state;
    }

    public string PathOf(KvBlock block) => Path.Combine(Folder, $"{block.Key}.kv");

    /// <summary>Saves a block, and waits until it is written or given up.</summary>
    public async Task SaveAsync(KvChain chain, int index, byte[] state)
    {
        long before = Done();
        while (true)
        {
            if (Blocks.TryRent() is { } buffer)
            {
                state.CopyTo(buffer.State);
                Blocks.Save(chain, index, buffer, state.Length);
                break;
            }

            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        while (Done() == before)
        {
            await Task.Delay(1, TestContext.Current.CancellationToken);
        }

        long Done() => Blocks.Metrics[KvOutcome.Saved] + Blocks.Metrics[KvOutcome.Dropped];
    }

    /// <summary>Saves all blocks of a chain.</summary>
    public async Task SaveAsync(KvChain chain, int stateBytes)
    {
        for (int i = 0; i < chain.Blocks.Count; i++)
        {
            await SaveAsync(chain, i, State(i, stateBytes));
        }
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

    public Task<int> CountAsync(KvChain chain) => Blocks.CountStoredAsync(chain, 0, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await Blocks.DisposeAsync();
        _meter.Dispose();
    }
}
