using System.Buffers;
using RedisInfer.KvBlocks;

namespace RedisInfer.Tests.Unit.Scheduling;

/// <summary>A store that takes no blocks for a time, as Redis does when it has just refused one, and then takes all. It returns none.</summary>
internal sealed class PausedStore(TimeProvider time, TimeSpan length) : IKvBlockStore
{
    private const int StateBytes = 1 << 12;

    private readonly long _start = time.GetTimestamp();

    public int Saved { get; private set; }

    public TimeSpan Pause
    {
        get
        {
            TimeSpan rest = length - time.GetElapsedTime(_start);
            return rest > TimeSpan.Zero ? rest : TimeSpan.Zero;
        }
    }

    public Task WarmUpAsync(KvIdentity identity, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<int> CountStoredAsync(KvChain chain, int first, CancellationToken cancellationToken) => Task.FromResult(0);

    public IAsyncEnumerable<LoadedKvBlock> LoadAsync(KvChain chain, int first, int count, CancellationToken cancellationToken) =>
        AsyncEnumerable.Empty<LoadedKvBlock>();

    public KvBuffer? TryRent() => Pause > TimeSpan.Zero
        ? null
        : new KvBuffer(MemoryPool<byte>.Shared.Rent(StateBytes + KvEnvelope.OverheadBytes), StateBytes, () => { });

    public void Save(KvChain chain, int index, KvBuffer buffer, int stateBytes)
    {
        Saved++;
        buffer.Dispose();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
