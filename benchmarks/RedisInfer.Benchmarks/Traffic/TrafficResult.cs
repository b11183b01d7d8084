namespace RedisInfer.Benchmarks.Traffic;

/// <summary>What a setting gave.</summary>
/// <param name="Setting">The setting.</param>
/// <param name="Answers">All answers.</param>
internal sealed record TrafficResult(TrafficSetting Setting, IReadOnlyList<RagAnswer> Answers)
{
    /// <summary>Share of the passages' tokens that were not computed, 0 to 1.</summary>
    public double ReusedShare { get; } = Share(Answers);

    public double MeanFirstToken => Answers.Average(answer => answer.Timings.FirstToken.TotalMilliseconds);

    public double FirstTokenOf95 => Figures.Percentile(Answers.Select(answer => answer.Timings.FirstToken.TotalMilliseconds), .95);

    public double MeanTotal => Answers.Average(answer => answer.Timings.Total.TotalMilliseconds);

    public double TotalOf95 => Figures.Percentile(Answers.Select(answer => answer.Timings.Total.TotalMilliseconds), .95);

    public string Describe()
    {
        double tokens = Answers.Sum(answer => answer.Usage.PromptTokens);
        double cached = Answers.Where(answer => answer.FromCache).Sum(answer => answer.Usage.PromptTokens);
        double restored = Answers.Sum(answer => answer.Context.RestoredTokens);
        double memory = Answers.Sum(answer => answer.Usage.CachedTokens) - cached - restored;
        return $"{Setting.Name,-28} {ReusedShare,6:0.00} {MeanFirstToken,8:0} {FirstTokenOf95,6:0} {MeanTotal,9:0} {TotalOf95,6:0} "
            + $"{memory / tokens,8:0.00} {restored / tokens,8:0.00} {cached / tokens,8:0.00}";
    }

    // The tokens before the passages are reused by every question but the first; so the fewest tokens that any question reused are theirs.
    private static double Share(IReadOnlyList<RagAnswer> answers)
    {
        int head = answers.Select(answer => answer.Usage.CachedTokens).Where(tokens => tokens > 0).DefaultIfEmpty(0).Min();
        double passages = answers.Sum(answer => answer.Passages.Sum(passage => passage.TokenCount));
        return answers.Sum(answer => Math.Clamp(answer.Usage.CachedTokens - head, 0, answer.Passages.Sum(passage => passage.TokenCount))) / passages;
    }
}
