using System.Diagnostics;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>An indexer: a child process that synchronizes the corpus with the folder again and again, and is started again when it dies.</summary>
internal sealed class ChaosIndexer(string name, string redis, string folder, SyncLog log, Action<string> report) : IAsyncDisposable
{
    private const int MostPauseMs = 150;
    private const int KillAttempts = 3;

    private readonly SemaphoreSlim _turn = new(1);
    private ChaosChild? _child;
    private volatile TaskCompletionSource _begun = new();
    private CancellationTokenSource _loop = new();
    private Task _looping = Task.CompletedTask;

    /// <summary>Error of its calm clock. Takes effect at its next start.</summary>
    public TimeSpan ClockShift { get; set; }

    /// <summary>Duration of its last completed run.</summary>
    public TimeSpan LastRun { get; private set; } = TimeSpan.FromSeconds(1);

    /// <summary>Runs that ended with an error, because the server was away or full.</summary>
    public int FailedRuns { get; private set; }

    /// <summary>Why a run failed last; <see langword="null"/>: none did.</summary>
    public string? LastError { get; private set; }

    /// <summary>How often its process has ended by itself.</summary>
    public int Deaths { get; private set; }

    /// <summary>Begins to synchronize without pause.</summary>
    public void StartLoop(Random random)
    {
        _loop = new CancellationTokenSource();
        CancellationToken stop = _loop.Token;
        _looping = Task.Run(async () =>
        {
            while (!stop.IsCancellationRequested)
            {
                await SyncAsync();
                await Task.Delay(random.Next(MostPauseMs), CancellationToken.None);
            }
        });
    }

    /// <summary>Ends after the run under way.</summary>
    public async Task StopLoopAsync()
    {
        await _loop.CancelAsync();
        await _looping;
    }

    /// <summary>Synchronizes once. Returns the error; <see langword="null"/> if the run completed.</summary>
    public async Task<string?> SyncAsync()
    {
        await _turn.WaitAsync();
        try
        {
            _child ??= await ChaosChild.StartAsync(redis, folder, ClockShift);
            if (_child is null)
                return "it could not start";
            SyncRun? run = null;
            ChildReply? reply = await _child.CallAsync(new ChildRequest(null), started =>
            {
                run = log.Begin(started);
                _begun.TrySetResult();
            });

            // A process that was killed between two runs has not begun another. The next one will.
            if (_begun.Task.IsCompleted)
                _begun = new TaskCompletionSource();
            if (run is not null)
                log.End(run, reply?.Ended ?? Stopwatch.GetTimestamp(), reply is { Error: null });
            return await ConcludeAsync(reply);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Kills the process at a random moment of a run. Runs differ in length, so it is sometimes shortly after one.</summary>
    /// <returns>When it was killed, and whether it was at work.</returns>
    public async Task<(long At, bool WasAtWork)> KillAsync(Random random)
    {
        bool wasAtWork = false;
        for (int attempt = 0; attempt < KillAttempts && !wasAtWork; attempt++)
        {
            await _begun.Task;
            await Task.Delay(LastRun * random.NextDouble());
            wasAtWork = _begun.Task.IsCompleted;
        }

        _child?.Kill();
        return (Stopwatch.GetTimestamp(), wasAtWork);
    }

    /// <summary>Ends the process, so that the next run has a new one.</summary>
    public async Task RestartAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_child is not null)
                await _child.DisposeAsync();
            _child = null;
        }
        finally
        {
            _turn.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopLoopAsync();
        await RestartAsync();
        _turn.Dispose();
        _loop.Dispose();
    }

    private async Task<string?> ConcludeAsync(ChildReply? reply)
    {
        if (reply is { Error: null })
        {
            LastRun = Stopwatch.GetElapsedTime(reply.Started, reply.Ended);
            return null;
        }

        if (reply is not null)
        {
            FailedRuns++;
            LastError = reply.Error;
            return reply.Error;
        }

        if (!_child!.WasKilled)
        {
            Deaths++;
            report($"{name} died: {_child.LastErrors}");
        }

        await _child.DisposeAsync();
        _child = null;
        return "it was killed";
    }
}
