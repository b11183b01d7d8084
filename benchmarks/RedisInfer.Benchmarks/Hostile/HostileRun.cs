namespace RedisInfer.Benchmarks.Hostile;

/// <summary>Runs hostile inputs of several kinds, as many kinds at once as there are CPUs.</summary>
internal sealed class HostileRun(IReadOnlyList<KindRun> kinds)
{
    /// <summary>Runs until all inputs are done or the time is over.</summary>
    public async Task RunAsync(CancellationToken timeIsOver, CancellationToken cancellationToken)
    {
        var idle = new HashSet<KindRun>(kinds);
        var running = new Dictionary<Task, KindRun>();
        while (!timeIsOver.IsCancellationRequested && (running.Count > 0 || idle.Any(kind => !kind.IsDone)))
        {
            // The kind with the least progress is next, so that all have had their share when the time is over.
            while (running.Count < Environment.ProcessorCount
                && idle.Where(kind => !kind.IsDone).MinBy(kind => kind.Progress) is { } next)
            {
                idle.Remove(next);
                running.Add(next.RunRangeAsync(cancellationToken), next);
            }

            await FinishOneAsync(running, idle);
        }

        while (running.Count > 0)
        {
            await FinishOneAsync(running, idle);
        }
    }

    /// <summary>Prints a line per kind, a line per finding, and the figures.</summary>
    /// <returns>The exit status: 1 if an input ended a process, hung or got an unclear error.</returns>
    public int Report()
    {
        foreach (KindRun kind in kinds)
        {
            Console.WriteLine(kind);
        }

        foreach (Finding finding in kinds.SelectMany(kind => kind.Findings))
        {
            Console.WriteLine(finding);
        }

        int deaths = kinds.Sum(kind => kind.Count(Verdict.Death));
        int hangs = kinds.Sum(kind => kind.Count(Verdict.Hang));
        int unclear = kinds.Sum(kind => kind.Count(Verdict.Unclear));
        var figures = new Figures();
        figures.Add("inputs", kinds.Sum(kind => kind.Done));
        figures.Add("process_deaths", deaths);
        figures.Add("hangs", hangs);
        figures.Add("unclear_errors", unclear);
        figures.Add("resident_growth_mb", kinds.Max(kind => kind.ResidentGrowthMb));
        figures.Print();
        return deaths + hangs + unclear > 0 ? 1 : 0;
    }

    private static async Task FinishOneAsync(Dictionary<Task, KindRun> running, HashSet<KindRun> idle)
    {
        Task done = await Task.WhenAny(running.Keys);
        running.Remove(done, out KindRun? kind);
        idle.Add(kind!);
        await done;
    }
}
