using RedisInfer.Benchmarks.Load;
using RedisInfer.Inference;
using RedisInfer.Llama;

namespace RedisInfer.Benchmarks.Steady;

/// <summary>Callers with long prompts that were computed before: what is left is to read the question and to decode at that depth.</summary>
internal static class DeepCallers
{
    private const int Count = 8;

    // Some 880 tokens.
    private const int Passages = 9;
    private const int Rounds = 2;

    public static async Task MeasureAsync(string model, int threads, Figures figures, CancellationToken cancellationToken)
    {
        (double single, double eight) = await MeasureAsync(model, threads, engine: null, cancellationToken);
        Console.WriteLine("the same in one KV cache that all sequences share");
        (_, double unified) = await MeasureAsync(model, threads, new UnifiedEngine(new LlamaEngine()), cancellationToken);
        figures.Add("deep8_tokens_per_second_over_unified", eight / unified);
        figures.Add("deep8_over_single", eight / single);
    }

    private static async Task<(double Single, double Eight)> MeasureAsync(
        string model, int threads, IInferenceEngine? engine, CancellationToken cancellationToken)
    {
        string[] questions = [.. await HandbookQuestions.ReadAsync(Count, cancellationToken)];
        await using HandbookHost host = await HandbookHost.StartAsync(model, threads, Count, KvReuse.Shared, cancellationToken, engine);
        LoadResult cold = await AskAsync(host, questions, 1, cancellationToken);
        Console.WriteLine($"model: {Path.GetFileName(model)}; {questions.Length} prompts of {cold.Answers.Average(one => one.Answer.Usage.PromptTokens):0} tokens are computed");
        return (await MeasureRateAsync(host, questions, 1, cancellationToken), await MeasureRateAsync(host, questions, Count, cancellationToken));
    }

    /// <summary>Tokens per second of all answers together, the reading of their questions included.</summary>
    private static async Task<double> MeasureRateAsync(HandbookHost host, string[] questions, int callers, CancellationToken cancellationToken)
    {
        List<double> rates = [];
        for (int round = 0; round < Rounds; round++)
        {
            LoadResult result = await AskAsync(host, questions, callers, cancellationToken);
            result.Print($"at depth, {callers} callers");
            rates.Add(result.Answers.Sum(one => one.Answer.Usage.GeneratedTokens) / result.Time.TotalSeconds);
        }

        return Figures.Median(rates);
    }

    private static Task<LoadResult> AskAsync(HandbookHost host, string[] questions, int callers, CancellationToken cancellationToken) =>
        Callers.AskInTurnsAsync(questions.Length, callers, (question, caller, start) =>
            host.AskAsync(questions[question], caller, start, cancellationToken, Passages));
}
