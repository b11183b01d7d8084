using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.Scheduling;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Unit.Scheduling;

/// <summary>What the loop does with computed blocks while the store takes none.</summary>
public sealed class PausedStoreTests : IDisposable
{
    private const string Text = "a prompt of several blocks";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly EchoModel _model = new();
    private readonly SchedulerMetrics _metrics;
    private readonly PausedStore _store;
    private readonly DecodeLoopOptions _options;

    public PausedStoreTests()
    {
        _metrics = new SchedulerMetrics(null, _model.Info, _time);
        _store = new PausedStore(_time, Pause);
        _options = new DecodeLoopOptions
        {
            Context = new ContextOptions { ContextSize = 200, MaxSequences = 1, BatchSize = 16 },
            PoolBytes = 1 << 20,
            QueueCapacity = 4,
            Stores = new KvTiers([_store]),
            ShutdownTimeout = TimeSpan.FromMinutes(1),
        };
    }

    private static CancellationToken TestEnds => TestContext.Current.CancellationToken;

    [Fact]
    public async Task LoopSleepsUntilTheStoreTakesBlocksAgain()
    {
        var places = new QueuePlaces(1, FullQueueBehavior.Wait, null, _metrics, _time);
        using var woken = new AutoResetEvent(initialState: false);
        using var scheduler = new Scheduler(_model, _options, _metrics, NullLogger.Instance, _time, () => woken.Set());
        QueuePlace place = await places.EnterAsync("", 1, TestEnds);
        scheduler.Add(new Sequence(Request(), new CompletionStream(() => { }), place, _time.GetTimestamp()));
        while (!scheduler.IsIdle)
        {
            if (scheduler.Prepare())
            {
                scheduler.Step(CancellationToken.None);
            }
            else
            {
                Assert.True(woken.WaitOne(Patience));
            }
        }

        _time.Advance(Pause / 4);
        Assert.False(scheduler.SaveBlocks());
        Assert.False(scheduler.CanSaveBlocks);
        Assert.Equal(Pause * 3 / 4, scheduler.NextDue);

        _time.Advance(Pause);
        Assert.True(scheduler.CanSaveBlocks);
        while (scheduler.SaveBlocks())
        {
        }

        Assert.Equal(Request().Chain!.StoredCount, _store.Saved);
        Assert.Null(scheduler.NextDue);
    }

    [Fact]
    public async Task LoopThatSleepsSavesTheBlocksAfterThePause()
    {
        await using DecodeLoop loop = await StartAsync();
        await AskAsync(loop);

        using var timeout = new CancellationTokenSource(Patience);
        while (_store.Saved < Request().Chain!.StoredCount)
        {
            _time.Advance(Pause);
            await Task.Delay(1, timeout.Token);
        }
    }

    [Fact]
    public async Task DisposalDoesNotWaitForAStoreThatTakesNoBlocks()
    {
        DecodeLoop loop = await StartAsync();
        await AskAsync(loop);

        await loop.DisposeAsync().AsTask().WaitAsync(Patience, TestEnds);

        Assert.Equal(0, _store.Saved);
        Assert.True(_model.Context!.Disposed);
    }

    public void Dispose() => _metrics.Dispose();

    private static CompletionRequest Request()
    {
        int[] prompt = [.. (Text + EchoModel.EndOfPrompt).Select(c => (int)c)];
        KvChain chain = KvChain.Cut(new KvIdentity([], "echo", ""), prompt, [Text.Length], maxBlockTokens: 5);
        return new CompletionRequest(prompt, Text.Length + 1, new SamplingOptions(), [], Chain: chain);
    }

    private static async Task AskAsync(DecodeLoop loop)
    {
        using QueuePlace place = await loop.EnterAsync("", 1, TestEnds);
        CompletionStream stream = loop.Submit(Request(), place, TestEnds);
        Assert.Equal(Text, string.Concat(await stream.ReadAsync(TestEnds).ToListAsync(TestEnds)));
    }

    private Task<DecodeLoop> StartAsync() => DecodeLoop.StartAsync(_model, _options, _metrics, NullLogger.Instance, _time);
}
