namespace RedisInfer.Benchmarks.Chaos;

/// <summary>
/// Tells how old a passage may be. What a question finds is at least as new as the folder was when the last completed run of an indexer
/// began. It may be older if a run that had begun before was still writing: the last writer of a document wins. Runs whose writes the
/// server has lost do not count. Thread-safe.
/// </summary>
internal sealed class SyncLog
{
    private readonly Lock _gate = new();
    private readonly List<SyncRun> _runs = [];

    public SyncRun Begin(long started)
    {
        var run = new SyncRun(started);
        lock (_gate)
            _runs.Add(run);
        return run;
    }

    public void End(SyncRun run, long ended, bool completed)
    {
        lock (_gate)
        {
            run.Ended = ended;
            run.Counts = completed && !run.HasLostWrites;
        }
    }

    /// <summary>The server is back. It may only now have executed what runs sent before they failed.</summary>
    public void Resume(long downFrom, long backAt)
    {
        lock (_gate)
        {
            foreach (SyncRun run in _runs.Where(run => !run.Counts && run.Ended >= downFrom && run.Ended < backAt))
                run.Ended = backAt;
        }
    }

    /// <summary>The server has lost what it wrote after a time. Runs that were at work until it was back do not count either.</summary>
    public void Lose(long keptUntil, long backAt)
    {
        lock (_gate)
        {
            foreach (SyncRun run in _runs.Where(run => run.Ended > keptUntil && run.Started < backAt))
            {
                run.HasLostWrites = true;
                run.Counts = false;
            }
        }
    }

    /// <summary>When the first run has completed after a fault; <see langword="null"/>: none has yet.</summary>
    /// <param name="fault">The end of the fault.</param>
    /// <param name="isNew">Whether the run must also have begun after it.</param>
    public long? FirstEndAfter(long fault, bool isNew)
    {
        lock (_gate)
        {
            return _runs.Where(run => run.Counts && (isNew ? run.Started : run.Ended) >= fault).Select(run => (long?)run.Ended).Min();
        }
    }

    /// <summary>Versions that were gone from the folder at this time must not be found by a question that was asked at a later one.</summary>
    public long OldestFor(long asked)
    {
        lock (_gate)
        {
            return _runs.Where(run => run.Counts && run.Ended <= asked)
                .Select(run => _runs.Where(other => other.Ended >= run.Started).Min(other => Math.Min(other.Started, run.Started)))
                .DefaultIfEmpty(long.MinValue)
                .Max();
        }
    }
}
