namespace RedisInfer.Benchmarks.Retrieval;

/// <summary>Measures how far the peak memory of this process exceeds its memory at the start.</summary>
internal sealed class MemoryWatch : IAsyncDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly long _before;
    private readonly Task _watching;
    private long _most;

    public MemoryWatch()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        _before = Environment.WorkingSet;
        _watching = Task.Run(WatchAsync);
    }

    public double PeakMb => (Interlocked.Read(ref _most) - _before) / 1048576.0;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _watching;
        _stop.Dispose();
    }

    private async Task WatchAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            Interlocked.Exchange(ref _most, Math.Max(_most, Environment.WorkingSet));
            await Task.Delay(Interval, CancellationToken.None);
        }
    }
}
