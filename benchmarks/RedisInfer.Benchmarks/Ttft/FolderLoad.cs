using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.KvBlocks.InFolder;

namespace RedisInfer.Benchmarks.Ttft;

/// <summary>What it takes to map and check the KV blocks of a prompt in a folder, without a model and without the native copy.</summary>
internal static class FolderLoad
{
    private const int Rounds = 5;

    /// <summary>Stores as many blocks as a prompt has, of random bytes, and loads them again.</summary>
    /// <returns>Milliseconds to load all, as a restore does, and to check as many bytes in memory one after another; the fastest of several.</returns>
    public static async Task<(double Load, double Check)> MeasureAsync(
        string directory, IInferenceModel model, bool flashAttention, int tokens, CancellationToken cancellationToken)
    {
        KvBlockSize size = KvBlockSize.For(model, new ContextOptions { ContextSize = tokens, FlashAttention = flashAttention });
        KvChain chain = KvChain.Cut(new KvIdentity([], "folder load", ""), new int[tokens], [tokens], size.MaxTokens);
        using var meter = new Meter("RedisInfer.Benchmarks");
        await using var store = new FolderKvBlockStore(
            new KvCacheOptions { Directory = directory }, size, meter, NullLogger.Instance, TimeProvider.System, chain.Blocks.Count);
        for (int i = 0; i < chain.Blocks.Count; i++)
        {
            KvBuffer buffer = store.TryRent()!;
            new Random(i).NextBytes(buffer.State);
            store.Save(chain, i, buffer, buffer.State.Length);
        }

        while (store.Metrics[KvOutcome.Saved] + store.Metrics[KvOutcome.Dropped] < chain.Blocks.Count)
        {
            await Task.Delay(10, cancellationToken);
        }

        (double load, double check) = (double.MaxValue, double.MaxValue);
        byte[] record = new byte[size.StateBytes + KvEnvelope.OverheadBytes];
        KvEnvelope.Seal(chain.Identity, chain.Blocks[0], record);
        for (int round = 0; round < Rounds; round++)
        {
            load = Math.Min(load, await LoadAsync(store, chain, cancellationToken));
            long start = Stopwatch.GetTimestamp();
            bool good = chain.Blocks.All(_ => KvEnvelope.Check(chain.Identity, chain.Blocks[0], record) is null);
            check = Math.Min(check, good ? Stopwatch.GetElapsedTime(start).TotalMilliseconds : double.MaxValue);
        }

        return (load, check);
    }

    private static async Task<double> LoadAsync(FolderKvBlockStore store, KvChain chain, CancellationToken cancellationToken)
    {
        int loaded = 0;
        long start = Stopwatch.GetTimestamp();
        await foreach (LoadedKvBlock block in store.LoadAsync(chain, 0, chain.Blocks.Count, cancellationToken))
        {
            loaded++;
            block.Dispose();
        }

        return loaded == chain.Blocks.Count
            ? Stopwatch.GetElapsedTime(start).TotalMilliseconds
            : throw new InvalidOperationException("A block that was stored is not in the folder, or not as it was.");
    }
}
