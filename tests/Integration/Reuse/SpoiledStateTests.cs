using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.KvBlocks.InFolder;
using RedisInfer.Llama;
using RedisInfer.Scheduling;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Integration.Llama;
using RedisInfer.Tests.Support;

namespace RedisInfer.Tests.Integration.Reuse;

/// <summary>
/// Stored states whose seal is valid, but whose numbers are so large that what follows them is computed as NaN. That stays in the cells,
/// and would spoil the next sequence.
/// </summary>
public sealed class SpoiledStateTests(LlamaUnderTest engine)
{
    private const ushort Largest = 0x7BFF, Least = 0xFBFF; // of half precision

    private static readonly ContextOptions Context = new() { ContextSize = 1024, MaxSequences = 2, Threads = 1, SeparateSequences = true };

    private readonly RecordingLog _log = new();

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    private IInferenceModel Model => engine.Text;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task AnswersAreThoseOfAnUnspoiledContext(bool others)
    {
        using var folder = new TempFolder();
        CompletionRequest restoring = Request("Backups are kept for 31 days, and restored by the team on call. How long?");
        CompletionRequest next = Request("The ferry leaves at nine. When does it leave, and from where?") with { Chain = null };
        int[] expected, expectedNext;
        await using (Loop clean = await StartAsync(folder.Path))
        {
            expected = await clean.AskAsync(restoring);
            expectedNext = await clean.AskAsync(next);
        }

        await SpoilAsync(folder.Path, restoring.Chain!);
        await using (Loop loop = await StartAsync(folder.Path))
        {
            Task<int[]> other = others ? loop.AskAsync(next) : Task.FromResult(expectedNext);

            Assert.Equal(expected, await loop.AskAsync(restoring));
            Assert.Equal(expectedNext, await other);
            Assert.Equal(expectedNext, await loop.AskAsync(next));
            Assert.Equal(expected, await loop.AskAsync(restoring));
        }

        // What was computed instead has replaced the stored states.
        await using (Loop another = await StartAsync(folder.Path))
        {
            Assert.Equal(expected, await another.AskAsync(restoring));
        }

        Assert.Single(_log.Entries, entry => entry.Message.Contains("re-created", StringComparison.Ordinal));
    }

    private CompletionRequest Request(string text)
    {
        int[] prompt = Model.Tokens(text);
        var identity = new KvIdentity("secret"u8, Model.GetStateFingerprint(Context), "");
        KvChain chain = KvChain.Cut(identity, prompt, [prompt.Length - 3], maxBlockTokens: 8);
        return new CompletionRequest(prompt, 12, new SamplingOptions(), [], Chain: chain) { CaptureOutput = true };
    }

    /// <summary>Gives the numbers of the stored states the largest values, positive and negative in turn, and seals them again.</summary>
    private async Task SpoilAsync(string folder, KvChain chain)
    {
        using var meter = new Meter("RedisInfer.Tests");
        await using FolderKvBlockStore store = Store(folder, meter);
        var states = new List<byte[]>();
        await foreach (LoadedKvBlock loaded in store.LoadAsync(chain, 0, chain.Blocks.Count, TestEnds))
        {
            using (loaded)
            {
                states.Add(loaded.State.ToArray());
            }
        }

        Assert.Equal(chain.Blocks.Count, states.Count);
        for (int i = 0; i < states.Count; i++)
        {
            Assert.Null(KvStateLayout.Check(states[i], 1, 512, 512, new SequencePositions(), checkNumbers: true, out KvStateIndex index));
            foreach (KvStateIndex.Segment segment in index.Caches[0].Segments)
            {
                int bytes = segment.UnitBytes * segment.Rows * index.Caches[0].Positions.Length;
                Span<ushort> numbers = MemoryMarshal.Cast<byte, ushort>(states[i].AsSpan(segment.DataOffset, bytes));
                for (int n = 0; n < numbers.Length; n++)
                {
                    numbers[n] = n % 2 == 0 ? Largest : Least;
                }
            }

            KvBuffer buffer = store.TryRent()!;
            states[i].CopyTo(buffer.State);
            store.Save(chain, i, buffer, states[i].Length);
        }
    }

    private FolderKvBlockStore Store(string folder, Meter meter) => new(
        new KvCacheOptions { Directory = folder },
        new KvBlockSize(8, checked((int)Model.GetMaxStateBytes(Context, 8))),
        meter,
        _log.CreateLogger("KV"),
        TimeProvider.System,
        maxSaveBuffers: 64);

    private async Task<Loop> StartAsync(string folder)
    {
        var metrics = new SchedulerMetrics(null, Model.Info, TimeProvider.System);
        var tiers = new KvTiers([Store(folder, metrics.Meter)]);
        var options = new DecodeLoopOptions
        {
            Context = Context,
            PoolBytes = 64 << 20,
            QueueCapacity = 4,
            Stores = tiers,
            ShutdownTimeout = TimeSpan.FromMinutes(1),
        };
        return new Loop(await DecodeLoop.StartAsync(Model, options, metrics, _log.CreateLogger("loop"), TimeProvider.System), tiers, metrics);
    }

    private sealed class Loop(DecodeLoop loop, KvTiers tiers, SchedulerMetrics metrics) : IAsyncDisposable
    {
        /// <summary>Returns the tokens of an answer.</summary>
        public async Task<int[]> AskAsync(CompletionRequest request)
        {
            using QueuePlace place = await loop.EnterAsync("", 1, TestEnds);
            CompletionStream stream = loop.Submit(request, place, TestEnds);
            await foreach (string piece in stream.ReadAsync(TestEnds))
            {
                Assert.NotEmpty(piece);
            }

            return (await stream.Result).Output!.Tokens.ToArray();
        }

        public async ValueTask DisposeAsync()
        {
            await loop.DisposeAsync();
            await tiers.DisposeAsync();
            metrics.Dispose();
        }
    }
}
