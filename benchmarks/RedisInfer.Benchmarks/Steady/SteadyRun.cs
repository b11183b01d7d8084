using System.Diagnostics;
using RedisInfer.Benchmarks.Load;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Steady;

/// <summary>One run of <c>steady</c>.</summary>
/// <param name="threads">Compute threads.</param>
/// <param name="questionCount">Number of different questions before the second measurement.</param>
internal sealed class SteadyRun(int threads, int questionCount)
{
    /// <summary>Of so many questions, one is asked without reuse too.</summary>
    public const int ComparedEvery = 3;

    private const int Concurrency = 4;
    private const int Probes = 8;

    // Long enough to store the states of a probe.
    private static readonly TimeSpan SaveTime = TimeSpan.FromSeconds(0.5);

    private readonly Figures _figures = new();

    public async Task RunAsync(bool alsoDepth, CancellationToken cancellationToken)
    {
        await Machine.DescribeAsync(cancellationToken);
        await MeasureKeptAsync(WidenedDemo.GetOrCreate(WidenedDemo.Medium), cancellationToken);
        if (alsoDepth)
        {
            await DeepCallers.MeasureAsync(WidenedDemo.GetOrCreate(WidenedDemo.Large), threads, _figures, cancellationToken);
        }

        _figures.Print();
    }

    /// <summary>What answers cost when much is kept: against a fresh runtime, and against one that reuses nothing.</summary>
    private async Task MeasureKeptAsync(string model, CancellationToken cancellationToken)
    {
        Console.WriteLine($"model: {Path.GetFileName(model)}, {threads} threads");
        IReadOnlyList<string> questions = await HandbookQuestions.ReadAsync(questionCount, cancellationToken);
        await using HandbookHost kept = await HandbookHost.StartAsync(model, threads, Concurrency, KvReuse.Shared, cancellationToken);
        await kept.IndexAsync(ProbeDocuments.All(Probes), cancellationToken);
        List<(TimedAnswer With, TimedAnswer Without)> compared = await AskAllAsync(kept, model, questions, cancellationToken);
        double with = Figures.Percentile(compared.Select(one => one.With.Answer.Timings.FirstToken.TotalMilliseconds), 0.95);
        double without = Figures.Percentile(compared.Select(one => one.Without.Answer.Timings.FirstToken.TotalMilliseconds), 0.95);
        Console.WriteLine(
            $"{compared.Count} of {questions.Count} questions: first token mean"
            + $" {compared.Average(one => one.With.Answer.Timings.FirstToken.TotalMilliseconds):0} ms with reuse,"
            + $" {compared.Average(one => one.Without.Answer.Timings.FirstToken.TotalMilliseconds):0} without, 95th percentile {with:0} and {without:0};"
            + $" a token {compared.Average(one => one.With.StepMilliseconds):0.0} and {compared.Average(one => one.Without.StepMilliseconds):0.0} ms;"
            + $" {(double)compared.Sum(one => one.With.Answer.Usage.CachedTokens) / compared.Sum(one => one.With.Answer.Usage.PromptTokens):P0} reused");

        List<(Probe Steady, Probe Fresh)> probes = [];
        for (int probe = 0; probe < Probes; probe++)
        {
            // Another fresh runtime for each, since a probe is kept too. It starts before either is measured, and they take turns in being
            // first, so that neither is measured in the wake of what starts or ends.
            await using HandbookHost fresh = await HandbookHost.StartAsync(model, threads, Concurrency, KvReuse.Shared, cancellationToken);
            await fresh.IndexAsync(ProbeDocuments.All(Probes), cancellationToken);
            await Task.Delay(SaveTime, cancellationToken);
            Probe? steady = probe % 2 == 0 ? await ProbeAsync(kept, probe, cancellationToken) : null;
            Probe first = await ProbeAsync(fresh, probe, cancellationToken);
            probes.Add((steady ?? await ProbeAsync(kept, probe, cancellationToken), first));
        }

        ReportProbes(probes);
        _figures.Add("steady_p95_first_token_over_no_reuse", with / without);
    }

    /// <summary>Asks all questions of the runtime that keeps, and some of them also of one that reuses nothing.</summary>
    private async Task<List<(TimedAnswer With, TimedAnswer Without)>> AskAllAsync(
        HandbookHost kept, string model, IReadOnlyList<string> questions, CancellationToken cancellationToken)
    {
        await using HandbookHost none = await HandbookHost.StartAsync(model, threads, Concurrency, KvReuse.Off, cancellationToken);
        var compared = new List<(TimedAnswer With, TimedAnswer Without)>();
        for (int i = 0; i < questions.Count; i++)
        {
            TimedAnswer with = await AskAsync(kept, questions[i], cancellationToken);
            if (i % ComparedEvery == 0)
            {
                compared.Add((with, await AskAsync(none, questions[i], cancellationToken)));
            }
        }

        return compared;
    }

    private void ReportProbes(List<(Probe Steady, Probe Fresh)> probes)
    {
        RagUsage usage = probes[0].Steady.First.Answer.Usage;
        Console.WriteLine(
            $"probes of {usage.PromptTokens} tokens ({usage.CachedTokens} and {probes[0].Fresh.First.Answer.Usage.CachedTokens} reused):"
            + $" prefill {probes.Average(one => one.Steady.PrefillMilliseconds):0.00} ms a token, fresh {probes.Average(one => one.Fresh.PrefillMilliseconds):0.00};"
            + $" decode {probes.Average(one => one.Steady.DecodeMilliseconds):0.0} ms, fresh {probes.Average(one => one.Fresh.DecodeMilliseconds):0.0}");
        _figures.Add("steady_decode_over_fresh", Figures.Median(probes.Select(one => one.Steady.DecodeMilliseconds / one.Fresh.DecodeMilliseconds)));
        _figures.Add("steady_prefill_over_fresh", Figures.Median(probes.Select(one => one.Steady.PrefillMilliseconds / one.Fresh.PrefillMilliseconds)));
    }

    private static async Task<Probe> ProbeAsync(HandbookHost host, int probe, CancellationToken cancellationToken)
    {
        TimedAnswer first = await AskAsync(host, ProbeDocuments.Question(probe), cancellationToken);
        await Task.Delay(SaveTime, cancellationToken);
        return new Probe(first, await AskAsync(host, ProbeDocuments.Question(probe), cancellationToken));
    }

    private static Task<TimedAnswer> AskAsync(HandbookHost host, string question, CancellationToken cancellationToken) =>
        host.AskAsync(question, 0, Stopwatch.GetTimestamp(), cancellationToken);
}
