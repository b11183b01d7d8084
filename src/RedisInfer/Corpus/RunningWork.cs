using System.Collections.Concurrent;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Redis;

namespace RedisInfer.Corpus;

/// <summary>
/// The announced work that this store is doing, and the sign of life that keeps other writers from taking it over. Several threads may call
/// members at once.
/// </summary>
internal sealed class RunningWork(CorpusHandle handle)
{
    // A writer at work renews its sign of life every BeatInterval. A writer that has not done so for Ttl is dead. The server measures that
    // time, so the clocks of the machines need not agree.
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan BeatInterval = TimeSpan.FromSeconds(15);

    private readonly ConcurrentDictionary<long, bool> _numbers = new();
    private long _lastBeat = long.MinValue;

    /// <summary>Whether this store is doing the work announced under a number.</summary>
    public bool Contains(long number) => _numbers.ContainsKey(number);

    /// <summary>
    /// Begins work. A timer renews the sign of life until the result is disposed of. One call of an embedding model, or one large document,
    /// may take longer than the sign lasts.
    /// </summary>
    /// <param name="number">The number it is announced under.</param>
    /// <returns>Ends the work.</returns>
    public IDisposable Begin(long number)
    {
        _numbers[number] = true;
        return new Work(this, number, handle.Time.CreateTimer(ignored => _ = TryBeatAsync(), state: null, BeatInterval, BeatInterval));
    }

    /// <summary>Renews this writer's sign of life, if that is due.</summary>
    public Task BeatAsync()
    {
        long now = handle.Time.GetTimestamp();
        long last = Interlocked.Read(ref _lastBeat);
        if ((last != long.MinValue && handle.Time.GetElapsedTime(last, now) < BeatInterval)
            || Interlocked.CompareExchange(ref _lastBeat, now, last) != last)
        {
            return Task.CompletedTask;
        }

        return handle.Database.StringSetAsync(handle.Keys.Writer(handle.WriterId), "1", Ttl);
    }

    private async Task TryBeatAsync()
    {
        try
        {
            await BeatAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (RedisErrors.IsRedis(e) || e is ObjectDisposedException or OperationCanceledException)
        {
            // The next beat is still in time. If the server is gone for longer, the work itself fails.
        }
    }

    private sealed class Work(RunningWork running, long number, ITimer timer) : IDisposable
    {
        public void Dispose()
        {
            timer.Dispose();
            running._numbers.TryRemove(number, out _);
        }
    }
}
