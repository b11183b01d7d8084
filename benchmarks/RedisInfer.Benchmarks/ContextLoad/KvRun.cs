using System.Diagnostics;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Corpus.Records;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.KvBlocks.InRedis;
using RedisInfer.Llama;
using RedisInfer.Redis;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.ContextLoad;

/// <summary>Measures loading and restoring real KV states of several sizes, in the shape of Qwen3-0.6B (114.7 KB per token).</summary>
internal sealed class KvRun : IDisposable
{
    private const string Corpus = "benchmark";
    private const int Sequence = 0, Scratch = 1;

    private static readonly int[] SizesMb = [10, 75, 150, 600];

    // The KV cache of Qwen3-0.6B in a model that hardly computes. The cost of a KV state does not depend on how its values were
    // computed.
    private static readonly Qwen3Shape Shape = Qwen3Shape.Qwen3_0_6B with
    {
        Name = "qwen3-0.6b-cache",
        EmbeddingLength = 128,
        HeadCount = 8,
        FeedForwardLength = 128,
        VocabularySize = 1024,
    };

    private readonly IInferenceModel _model;
    private readonly IInferenceContext _context;
    private readonly KvBlockSize _size;
    private readonly KvChain _chain;
    private readonly int _rounds;

    // Time of all restores that is spent in native code and in the calls around it.
    private double _restoreMs;

    private KvRun(IInferenceModel model, int tokenCount, int rounds)
    {
        var options = new ContextOptions { ContextSize = tokenCount + 256, MaxSequences = 2, Threads = Environment.ProcessorCount };
        _model = model;
        _context = model.CreateContext(options);
        _size = KvBlockSize.For(model, options);
        _rounds = rounds;
        int[] tokens = [.. Enumerable.Range(0, tokenCount).Select(i => (i * 7) % Shape.VocabularySize)];
        var identity = new KvIdentity("benchmark"u8, model.GetStateFingerprint(options), tenant: "");
        _chain = KvChain.Cut(identity, tokens, [tokenCount], _size.MaxTokens);
    }

    public static async Task<IEnumerable<string>> RunAsync(
        IRedisConnectionSource source, string? redis, int rounds, int largestMb, CancellationToken cancellationToken)
    {
        var engine = new LlamaEngine();
        string path = LargeQwen3.GetOrCreate(Shape, GgufTensorType.Q8_0);
        using IInferenceModel model = await engine.LoadModelAsync(new ModelOptions { Path = path }, null, cancellationToken);
        double tokenBytes = model.GetMaxStateBytes(new ContextOptions { ContextSize = 4096 }, 4096) / 4096.0;
        using var run = new KvRun(model, (int)(largestMb * 1e6 / tokenBytes), rounds);

        var figures = new List<string>();
        await using RedisKvBlockStore store = run.Open(source, new PinnedContextLoader());
        await run.FillAsync(store);
        figures.Add(await run.MeasureSaveAsync(store, cancellationToken));
        foreach (int sizeMb in SizesMb.Where(s => s <= largestMb))
        {
            int blocks = Math.Min(run._chain.Blocks.Count, (int)Math.Ceiling(sizeMb * 1e6 / tokenBytes / run._size.MaxTokens));
            figures.AddRange(await run.MeasureAsync(source, sizeMb, blocks, redis, cancellationToken));
        }

        figures.AddRange(await SearchDelayRun.RunAsync(source, run._chain, store, cancellationToken));
        return figures;
    }

    public void Dispose() => _context.Dispose();

    private RedisKvBlockStore Open(IRedisConnectionSource source, IContextLoader loader) => new(
        source, Corpus, _size, loader, new KvCacheOptions { MaxStoredBytes = 2L << 30 }, new Meter("benchmark"), NullLogger.Instance, TimeProvider.System);

    /// <summary>Stores the chain. Each block is computed at position 0 and then shifted to its own position.</summary>
    private async Task FillAsync(RedisKvBlockStore store)
    {
        var batch = new TokenBatch(_size.MaxTokens);
        for (int i = 0; i < _chain.Blocks.Count; i++)
        {
            KvBlock block = _chain.Blocks[i];
            batch.Clear();
            for (int position = 0; position < block.Count; position++)
            {
                batch.Add((block.Start + position) % Shape.VocabularySize, position, Scratch, output: false);
            }

            _context.Decode(batch, CancellationToken.None);
            _context.ShiftSequence(Scratch, 0, -1, block.Start);
            await SaveScratchAsync(store, i);
        }

        await SavedAsync(store, _chain.Blocks.Count);
    }

    /// <summary>Stores the chain as a decode loop does, from a sequence that holds all of it.</summary>
    private async Task<string> MeasureSaveAsync(RedisKvBlockStore store, CancellationToken cancellationToken)
    {
        await RestoreAsync(store, _chain.Blocks.Count, cancellationToken);
        long started = Stopwatch.GetTimestamp();
        long bytes = 0;
        double loopMs = 0;
        for (int i = 0; i < _chain.Blocks.Count; i++)
        {
            _context.CopySequence(Sequence, Scratch, _chain.Blocks[i].Start, _chain.Blocks[i].End);
            (int length, double ms) = await SaveScratchAsync(store, i);
            bytes += length;
            loopMs += ms;
        }

        await SavedAsync(store, 2 * _chain.Blocks.Count);
        double totalMs = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        double megabytes = bytes / 1e6;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"saved {megabytes:0} MB in {_chain.Blocks.Count} blocks: {totalMs:0} ms, of which {loopMs:0} ms on the thread of the decode loop"));
        return string.Create(CultureInfo.InvariantCulture, $"save_loop_us_per_mb={loopMs * 1000 / megabytes:0}");
    }

    private async Task<(int Length, double Ms)> SaveScratchAsync(RedisKvBlockStore store, int index)
    {
        KvBuffer? buffer;
        while ((buffer = store.TryRent()) is null)
        {
            await Task.Delay(1);
        }

        long started = Stopwatch.GetTimestamp();
        int length = _context.SaveState(Scratch, buffer.State);
        store.Save(_chain, index, buffer, length);
        double ms = Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        _context.RemoveSequence(Scratch);
        return (length, ms);
    }

    private static async Task SavedAsync(RedisKvBlockStore store, int count)
    {
        while (store.Metrics[KvOutcome.Saved] < count)
        {
            if (store.Metrics[KvOutcome.Dropped] > 0)
                throw new InvalidOperationException("Blocks could not be stored.");
            await Task.Delay(1);
        }
    }

    private async Task<List<string>> MeasureAsync(
        IRedisConnectionSource source, int sizeMb, int blocks, string? redis, CancellationToken cancellationToken)
    {
        await using RedisKvBlockStore pinning = Open(source, new PinnedContextLoader());
        await using RedisKvBlockStore copying = Open(source, new CopyingContextLoader());
        await using RedisKvBlockStore adaptive = Open(source, new AdaptiveContextLoader());
        using RawBlobConnection socket = await RawBlobConnection.OpenAsync(source, redis, _size.StateBytes + 4096, cancellationToken);
        var keys = new CorpusKeys(Corpus);
        string[] names = [.. _chain.Blocks.Take(blocks).Select(b => keys.KvBlock(b.Key.ToString()).ToString())];
        _restoreMs = 0;
        Measured[] measured = await Measured.RunAsync(
            _rounds,
            () => ExpectAsync(CountAsync(pinning, blocks, cancellationToken)),
            () => ExpectAsync(CountAsync(copying, blocks, cancellationToken)),
            () => socket.LoadAsync(names),
            () => ExpectAsync(RestoreAsync(adaptive, blocks, cancellationToken)));
        (Measured pinned, Measured copied, Measured raw, Measured restored) = (measured[0], measured[1], measured[2], measured[3]);
        double loopMs = _restoreMs / (_rounds + 1);
        Console.WriteLine($"{sizeMb,4} MB KV  pinned   {pinned}");
        Console.WriteLine($"{sizeMb,4} MB KV  copied   {copied}");
        Console.WriteLine($"{sizeMb,4} MB KV  raw      {raw}  (not checked)");
        Console.WriteLine($"{sizeMb,4} MB KV  restored {restored}  (adaptive, into the context; {loopMs:0.0} ms of it on the thread of the decode loop)");
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"pinned_over_copied_time_{sizeMb}MB={pinned.Ms / copied.Ms:0.00}"),
            string.Create(CultureInfo.InvariantCulture, $"pinned_bytes_allocated_{sizeMb}MB={pinned.AllocatedBytes}"),
            string.Create(CultureInfo.InvariantCulture, $"copied_bytes_allocated_{sizeMb}MB={copied.AllocatedBytes}"),
            string.Create(CultureInfo.InvariantCulture, $"pinned_ms_{sizeMb}MB={pinned.Ms:0.0}"),
            string.Create(CultureInfo.InvariantCulture, $"raw_ms_{sizeMb}MB={raw.Ms:0.0}"),
            string.Create(CultureInfo.InvariantCulture, $"restored_ms_{sizeMb}MB={restored.Ms:0.0}"),
            string.Create(CultureInfo.InvariantCulture, $"restore_loop_ms_{sizeMb}MB={loopMs:0.0}"),
        ];

        async Task ExpectAsync(Task<int> load)
        {
            int loaded = await load;
            if (loaded != blocks)
                throw new InvalidOperationException($"{loaded} of {blocks} blocks were loaded.");
        }
    }

    private async Task<int> RestoreAsync(RedisKvBlockStore store, int blocks, CancellationToken cancellationToken)
    {
        int restored = 0;
        _context.RemoveSequence(Sequence);
        await foreach (LoadedKvBlock loaded in store.LoadAsync(_chain, 0, blocks, cancellationToken))
        {
            using (loaded)
            {
                long started = Stopwatch.GetTimestamp();
                _context.LoadState(Scratch, loaded.State.Span);
                _context.CopySequence(Scratch, Sequence, loaded.Block.Start, loaded.Block.End);
                _context.RemoveSequence(Scratch);
                _restoreMs += Stopwatch.GetElapsedTime(started).TotalMilliseconds;
                restored++;
            }
        }

        return restored;
    }

    private async Task<int> CountAsync(RedisKvBlockStore store, int blocks, CancellationToken cancellationToken)
    {
        int loaded = 0;
        await foreach (LoadedKvBlock block in store.LoadAsync(_chain, 0, blocks, cancellationToken))
        {
            block.Dispose();
            loaded++;
        }

        return loaded;
    }
}
