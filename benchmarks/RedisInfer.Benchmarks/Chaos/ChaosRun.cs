using System.Diagnostics;
using System.Globalization;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>The rounds of a run. In each, one thing goes wrong while two processes index, one asks, and the folder changes.</summary>
internal sealed class ChaosRun : IAsyncDisposable
{
    private const int KillsOfARound = 5;
    private const int MostPauseOfChangesMs = 800;
    private const int SettleAttempts = 5;
    private const double Percentile = 0.95;

    private static readonly TimeSpan RecoveryLimit = TimeSpan.FromMinutes(2);

    // The sign of life of a killed indexer lasts a minute. Until then no other finishes its work.
    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(62);

    private readonly ChaosOptions _options;
    private readonly IChaosServers _servers;
    private readonly CorpusCheck _check;
    private readonly ChangingFolder _folder;
    private readonly SyncLog _log = new();
    private readonly Downtime _downtime = new();
    private readonly ChaosIndexer[] _indexers;
    private readonly ChaosAsker _asker;
    private readonly Random _random;
    private readonly FaultPlan _plan;
    private readonly List<string> _findings = [];
    private readonly List<double> _recoveriesMs = [];
    private long _faultEnd;
    private int _rounds;
    private int _kills;
    private int _killsAtWork;
    private int _lostCount;
    private int _tornCount;
    private int _orphanCount;
    private int _stuck;

    private ChaosRun(ChaosOptions options, IChaosServers servers, CorpusCheck check)
    {
        _options = options;
        _servers = servers;
        _check = check;
        _random = new Random(options.Seed);
        _folder = new ChangingFolder(_random.Next());
        _indexers = [.. Enumerable.Range(1, 2).Select(i => new ChaosIndexer($"indexer {i}", servers.Configuration, _folder.Path, _log, Find))];
        _asker = new ChaosAsker(servers.Configuration, _folder, _log, _downtime, new Random(_random.Next()), Find);
        _plan = new FaultPlan(servers.Faults, new Random(_random.Next()));
    }

    public static async Task<ChaosRun> StartAsync(ChaosOptions options, CancellationToken cancellationToken)
    {
        IChaosServers servers = options.Redis == "cluster"
            ? await ServerCluster.StartAsync(options.Version, cancellationToken)
            : await ServerPair.StartAsync(options.Version, cancellationToken);
        return new ChaosRun(options, servers, await CorpusCheck.StartAsync(options.Version, cancellationToken));
    }

    /// <summary>Runs all rounds and prints the figures.</summary>
    /// <returns>0 if nothing was lost, torn, wrong or left over.</returns>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        _folder.Fill();
        await SettleAsync();
        await _asker.StartAsync();
        await CompareAsync("start", "folder indexed", Stopwatch.GetElapsedTime(started), isLast: false, cancellationToken);
        while (!_plan.HadAll || (_kills < _options.Kills && Stopwatch.GetElapsedTime(started).TotalMinutes < _options.Minutes))
        {
            await RunRoundAsync(_plan.Next(), cancellationToken);
        }

        if (_options.ForgetsWriters)
            await CorpusCheck.ForgetWritersAsync(_servers.Configuration, cancellationToken);
        else
            await Task.Delay(SignOfLife, cancellationToken);
        string signs = _options.ForgetsWriters ? "were deleted" : "have expired";
        await SettleAsync();
        await CompareAsync("end", $"signs of life of killed indexers {signs}", TimeSpan.Zero, isLast: true, cancellationToken);
        return Report(Stopwatch.GetElapsedTime(started));
    }

    public async ValueTask DisposeAsync()
    {
        await _asker.DisposeAsync();
        foreach (ChaosIndexer indexer in _indexers)
        {
            await indexer.DisposeAsync();
        }

        await _check.DisposeAsync();
        await _servers.DisposeAsync();
        _folder.Dispose();
    }

    private async Task RunRoundAsync(FaultKind kind, CancellationToken cancellationToken)
    {
        _rounds++;
        using var calm = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task changing = ChangeAsync(new Random(_random.Next()), calm.Token);
        foreach (ChaosIndexer indexer in _indexers)
        {
            indexer.StartLoop(new Random(_random.Next()));
        }

        string what = kind switch
        {
            FaultKind.Kill => await KillAsync(_random.Next(1, KillsOfARound + 1)),
            FaultKind.Clock => await ShiftClockAsync(),
            _ => await BreakAsync(kind, cancellationToken),
        };
        TimeSpan recovery = await RecoverAsync(isNew: kind is FaultKind.Kill or FaultKind.Clock, cancellationToken);
        await calm.CancelAsync();
        await changing.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.WhenAll(_indexers.Select(indexer => indexer.StopLoopAsync()));
        await SettleAsync();
        await CompareAsync(kind.ToString(), what, recovery, isLast: false, cancellationToken);
    }

    private async Task ChangeAsync(Random random, CancellationToken cancellationToken)
    {
        while (true)
        {
            _folder.Change();
            await Task.Delay(random.Next(MostPauseOfChangesMs), cancellationToken);
        }
    }

    private async Task<string> KillAsync(int count)
    {
        var at = new List<string>();
        for (int i = 0; i < count; i++)
        {
            int victim = _random.Next(_indexers.Length);
            (_faultEnd, bool wasAtWork) = await _indexers[victim].KillAsync(_random);
            _kills++;
            _killsAtWork += wasAtWork ? 1 : 0;
            at.Add($"{victim + 1}{(wasAtWork ? "" : " (idle)")}");
        }

        return $"killed indexers {string.Join(", ", at)}";
    }

    private async Task<string> ShiftClockAsync()
    {
        TimeSpan shift = TimeSpan.FromHours(_random.Next(2) == 0 ? 1 : -1);
        ChaosIndexer wrong = _indexers[_random.Next(_indexers.Length)];
        wrong.ClockShift = shift;
        await wrong.RestartAsync();
        string killed = await KillAsync(2);
        return string.Create(CultureInfo.InvariantCulture, $"one clock {shift.TotalHours:+0;-0} h, {killed}");
    }

    private async Task<string> BreakAsync(FaultKind kind, CancellationToken cancellationToken)
    {
        // Somewhere in the middle of the work.
        await Task.Delay(_indexers[0].LastRun * (_random.NextDouble() * 2), cancellationToken);
        bool takesAway = kind != FaultKind.FullMemory;
        if (takesAway)
            _downtime.Begin();
        ServerFault fault = await _servers.BreakAsync(kind, _random, _options.Cut, cancellationToken);
        _downtime.End(takesAway);
        _log.Resume(fault.DownFrom, fault.BackAt);
        if (fault.KeptUntil is { } kept)
            _log.Lose(kept, fault.BackAt);
        _faultEnd = fault.BackAt;
        return fault.What;
    }

    /// <summary>
    /// Waits for the first run that completes after the fault. A run that had begun before may outlive it. After a kill, only a new run
    /// counts: the killed one cannot end.
    /// </summary>
    private async Task<TimeSpan> RecoverAsync(bool isNew, CancellationToken cancellationToken)
    {
        long? end;
        while ((end = _log.FirstEndAfter(_faultEnd, isNew)) is null)
        {
            if (Stopwatch.GetElapsedTime(_faultEnd) > RecoveryLimit)
            {
                _stuck++;
                string errors = string.Join("; ", _indexers.Select(indexer => indexer.LastError));
                Find($"no run of an indexer has completed within {RecoveryLimit.TotalSeconds} s of the fault. Errors: {errors}");
                break;
            }

            await Task.Delay(10, cancellationToken);
        }

        TimeSpan recovery = Stopwatch.GetElapsedTime(_faultEnd, end ?? Stopwatch.GetTimestamp());
        _recoveriesMs.Add(recovery.TotalMilliseconds);
        return recovery;
    }

    /// <summary>Lets each indexer complete one run over the folder, which does not change any more.</summary>
    private async Task SettleAsync()
    {
        foreach (ChaosIndexer indexer in _indexers)
        {
            string? error = await indexer.SyncAsync();
            for (int attempt = 1; error is not null && attempt < SettleAttempts; attempt++)
            {
                error = await indexer.SyncAsync();
            }

            if (error is not null)
            {
                _stuck++;
                Find($"an indexer does not recover: {error}");
            }
        }
    }

    private async Task CompareAsync(string kind, string what, TimeSpan recovery, bool isLast, CancellationToken cancellationToken)
    {
        CheckResult result = await _check.RunAsync(_servers.Configuration, _folder, cancellationToken);
        _asker.JudgeRound();
        _lostCount += result.Lost.Count;
        _tornCount += result.Torn.Count;
        _orphanCount += result.Orphans.Count;
        result.Lost.ToList().ForEach(path => Find($"lost: {path}"));
        result.Torn.ToList().ForEach(problem => Find($"torn: {problem}"));
        result.Orphans.ToList().ForEach(key => Find($"orphan: {key}"));
        if (isLast && result.Announced > 0)
        {
            _orphanCount += (int)result.Announced;
            Find($"{result.Announced} announcements of unfinished work are left");
        }

        string[] findings;
        lock (_findings)
        {
            findings = [.. _findings];
            _findings.Clear();
        }

        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"round {_rounds} {kind}: {what}; recovered in {recovery.TotalMilliseconds:0} ms; answers {_asker.Answers}, failed while away "
            + $"{_asker.FailedWhileAway}; unfinished work {result.Announced}; findings {findings.Length}"));
        foreach (string finding in findings.Take(20))
        {
            Console.WriteLine($"  {finding}");
        }
    }

    private int Report(TimeSpan elapsed)
    {
        var figures = new Figures();
        int deaths = _indexers.Sum(indexer => indexer.Deaths) + (_asker.Died ? 1 : 0);
        figures.Add("minutes", elapsed.TotalMinutes);
        figures.Add("rounds", _rounds);
        figures.Add("answers", _asker.Answers);
        figures.Add("passages", _asker.Passages);
        figures.Add("answers_failed_while_away", _asker.FailedWhileAway);
        figures.Add("runs_failed", _indexers.Sum(indexer => indexer.FailedRuns));
        figures.Add("kills_at_work", _killsAtWork);
        figures.Add("kills", _kills);
        figures.Add("lost_documents", _lostCount);
        figures.Add("torn_documents", _tornCount);
        figures.Add("wrong_passages", _asker.WrongPassages);
        figures.Add("orphan_keys", _orphanCount);
        figures.Add("answers_failed_while_up", _asker.FailedWhileUp);
        figures.Add("not_recovered", _stuck);
        figures.Add("unexpected_deaths", deaths);
        figures.Add("recovered_in_ms_p95", Figures.Percentile(_recoveriesMs, Percentile));
        figures.Print();
        return _lostCount + _tornCount + _asker.WrongPassages + _orphanCount + _asker.FailedWhileUp + _stuck + deaths == 0 && _asker.Answers > 0 ? 0 : 1;
    }

    private void Find(string finding)
    {
        lock (_findings)
            _findings.Add(finding);
    }
}
