namespace RedisInfer.Benchmarks.Load;

/// <summary>One run of <c>load</c>. Each ratio compares numbers of callers over the same questions.</summary>
/// <param name="modelPath">The model.</param>
/// <param name="threads">Compute threads.</param>
/// <param name="count">Number of questions for each number of callers.</param>
internal sealed class LoadRun(string modelPath, int threads, int count)
{
    private const int MaxCallers = 8;
    private const int DayQuestions = 12;

    // Arrivals come at this share of what one caller after another reaches.
    private const double ArrivalShare = 0.7;

    private static readonly int[] CallerCounts = [2, 4, MaxCallers];

    private readonly Figures _figures = new();

    /// <returns>The exit status.</returns>
    public async Task<int> RunAsync(bool alsoReuse, string? llamaServer, CancellationToken cancellationToken)
    {
        if (llamaServer is not null && !await LlamaServer.CanRunAsync(llamaServer, cancellationToken))
        {
            await Console.Error.WriteLineAsync($"'{llamaServer}' cannot be run. Give the path of llama.cpp's server.");
            return ExitStatus.WrongInput;
        }

        await Machine.DescribeAsync(cancellationToken);
        Console.WriteLine($"model: {Path.GetFileName(modelPath)}, {threads} threads");
        IReadOnlyList<string> questions = await HandbookQuestions.ReadAsync(DayQuestions + (2 * count), cancellationToken);
        LoadResult eight = await MeasureColdAsync([.. questions.Take(count)], cancellationToken);
        if (alsoReuse)
        {
            await MeasureReuseAsync([.. questions.Skip(count)], cancellationToken);
        }

        if (llamaServer is not null)
        {
            IReadOnlyList<AnsweredPrompt> prompts = await AnsweredPrompts.CreateAsync(modelPath, eight.Answers, cancellationToken);
            await using LlamaServer server = await LlamaServer.StartAsync(llamaServer, modelPath, threads, MaxCallers, cancellationToken);
            TimeSpan time = await server.CompleteAsync(prompts, MaxCallers, cancellationToken);
            Console.WriteLine($"llama.cpp's server, cold, {MaxCallers} callers: {count} answers in {time.TotalSeconds:0.0} s");
            _figures.Add("load8_over_llama_server", time / eight.Time);
        }

        _figures.Print();
        return 0;
    }

    /// <summary>Nothing is reused: each question is computed as if it were the first.</summary>
    private async Task<LoadResult> MeasureColdAsync(string[] questions, CancellationToken cancellationToken)
    {
        await using HandbookHost host = await HandbookHost.StartAsync(modelPath, threads, MaxCallers, KvReuse.Off, cancellationToken);
        Task<TimedAnswer> AskAsync(int question, int caller, long start) => host.AskAsync(questions[question], caller, start, cancellationToken);

        LoadResult serial = await Callers.AskInTurnsAsync(count, 1, AskAsync);
        serial.Print("cold, one after another");
        double[] alone = [.. serial.Answers.Select(one => one.Seconds)];
        LoadResult last = serial;
        foreach (int callers in CallerCounts)
        {
            last = await Callers.AskInTurnsAsync(count, callers, AskAsync);
            last.Print($"cold, {callers} callers");
            _figures.Add($"load{callers}_over_serial", serial.Time / last.Time);
            if (callers == 4)
            {
                double queue = FirstComeQueue.MeanOfClosedLoop(alone, callers);
                Console.WriteLine($"a plain queue with {callers} callers: mean {queue:0.00} s");
                _figures.Add("load4_mean_over_queue", last.MeanSeconds / queue);
                _figures.Add("load_p95_gap_over_step", last.P95GapMilliseconds / Figures.Median(serial.Answers.Select(one => one.StepMilliseconds)));
            }
        }

        await MeasureBurstsAsync(alone, AskAsync);
        IReadOnlyList<double> arrivals = Callers.Arrivals(count, alone.Average() / ArrivalShare);
        LoadResult arriving = await Callers.AskOnArrivalAsync(arrivals, AskAsync, cancellationToken);
        arriving.Print($"cold, arrivals at {ArrivalShare} of what one caller reaches");
        double expected = FirstComeQueue.MeanOfArrivals(alone, arrivals);
        Console.WriteLine($"a plain queue with these arrivals: mean {expected:0.00} s");
        _figures.Add("load_arrivals_mean_over_queue", arriving.MeanSeconds / expected);
        return last;
    }

    /// <summary>Four questions at the same time, and the next four when all are answered. A plain queue answers the first early.</summary>
    private async Task MeasureBurstsAsync(double[] alone, Func<int, int, long, Task<TimedAnswer>> ask)
    {
        const int Burst = 4;
        int bursts = Math.Max(1, count / Burst / 2);
        var answers = new List<TimedAnswer>();
        double queue = 0;
        for (int burst = 0; burst < bursts; burst++)
        {
            int first = burst * Burst;
            int size = Math.Min(Burst, count - first);
            LoadResult result = await Callers.AskInTurnsAsync(size, size, (question, caller, start) => ask(first + question, caller, start));
            answers.AddRange(result.Answers);
            queue += FirstComeQueue.MeanOfClosedLoop([.. alone.Skip(first).Take(size)], size) * size;
        }

        double mean = answers.Average(one => one.Seconds);
        Console.WriteLine($"cold, {bursts} bursts of {Burst}: mean {mean:0.00} s; a plain queue with these bursts: mean {queue / answers.Count:0.00} s");
        _figures.Add("load4_burst_mean_over_queue", mean / (queue / answers.Count));
    }

    /// <summary>
    /// A day's questions were asked before. Then half of the questions are some of these again, and half are new. Each number of callers
    /// asks the same questions of a host of its own, so that what they find computed differs only by their number.
    /// </summary>
    private async Task MeasureReuseAsync(string[] questions, CancellationToken cancellationToken)
    {
        string[] day = [.. questions.Take(DayQuestions)];
        string[] asked = [.. Enumerable.Range(0, count).Select(i => i % 2 == 0 ? day[i / 2 % day.Length] : questions[DayQuestions + (i / 2)])];

        LoadResult serial = await MeasureAsync(1);
        foreach (int callers in CallerCounts)
        {
            LoadResult result = await MeasureAsync(callers);
            _figures.Add($"load{callers}_with_reuse_over_serial", serial.Time / result.Time);
        }

        double[] alone = [.. serial.Answers.Select(one => one.Seconds)];
        IReadOnlyList<double> arrivals = Callers.Arrivals(count, alone.Average() / ArrivalShare);
        LoadResult arriving = await AfterTheDayAsync(
            $"with reuse, arrivals at {ArrivalShare} of what one caller reaches", ask => Callers.AskOnArrivalAsync(arrivals, ask, cancellationToken));
        _figures.Add("load_arrivals_with_reuse_mean_over_queue", arriving.MeanSeconds / FirstComeQueue.MeanOfArrivals(alone, arrivals));

        Task<LoadResult> MeasureAsync(int callers) => AfterTheDayAsync(
            callers == 1 ? "with reuse, one after another" : $"with reuse, {callers} callers", ask => Callers.AskInTurnsAsync(count, callers, ask));

        async Task<LoadResult> AfterTheDayAsync(string name, Func<Func<int, int, long, Task<TimedAnswer>>, Task<LoadResult>> measure)
        {
            await using HandbookHost host = await HandbookHost.StartAsync(modelPath, threads, MaxCallers, KvReuse.Shared, cancellationToken);
            await Callers.AskInTurnsAsync(day.Length, 1, (question, caller, start) => host.AskAsync(day[question], caller, start, cancellationToken));
            LoadResult result = await measure((question, caller, start) => host.AskAsync(asked[question], caller, start, cancellationToken));
            result.Print(name);
            return result;
        }
    }
}
