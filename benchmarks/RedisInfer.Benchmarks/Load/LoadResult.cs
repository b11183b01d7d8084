namespace RedisInfer.Benchmarks.Load;

/// <summary>What a number of callers got.</summary>
/// <param name="Time">From the first question to the last answer.</param>
/// <param name="Answers">The answers, in the order of the questions.</param>
internal sealed record LoadResult(TimeSpan Time, IReadOnlyList<TimedAnswer> Answers)
{
    /// <summary>Mean seconds from a question to the end of its answer.</summary>
    public double MeanSeconds => Answers.Average(one => one.Seconds);

    /// <summary>95th percentile of each answer's longest wait between two pieces of its text, in milliseconds.</summary>
    public double P95GapMilliseconds => Figures.Percentile(Answers.Select(one => one.LongestGap.TotalMilliseconds), 0.95);

    /// <summary>Prints one line about it.</summary>
    public void Print(string name) => Console.WriteLine(
        $"{name}: {Answers.Count} answers in {Time.TotalSeconds:0.0} s, mean {MeanSeconds:0.00} s,"
        + $" first token {Answers.Average(one => one.Answer.Timings.FirstToken.TotalSeconds):0.00} s,"
        + $" a token {Answers.Average(one => one.StepMilliseconds):0} ms, longest gaps {P95GapMilliseconds:0} ms;"
        + $" {Answers.Average(one => one.Answer.Usage.PromptTokens):0} tokens in ({Answers.Average(one => one.Answer.Usage.CachedTokens):0} reused),"
        + $" {Answers.Average(one => one.Answer.Usage.GeneratedTokens):0} out");
}
