using System.Text.Json.Serialization;
using RedisInfer;

namespace ConsoleDemo;

/// <summary>The output of <c>ask --json</c>. Scripts read it, so names and order must not change.</summary>
internal sealed record JsonAnswer(
    string Question,
    string Answer,
    string FinishReason,
    IReadOnlyList<JsonAnswer.Citation> Citations,
    IReadOnlyList<JsonAnswer.Passage> Passages,
    JsonAnswer.UsageCounts Usage,
    JsonAnswer.Timings TimingsMs,
    JsonAnswer.ContextLoad Context)
{
    public static JsonAnswer From(RagAnswer answer) => new(
        answer.Question,
        answer.Text,
        NameOf(answer.FinishReason),
        [.. answer.Citations.Select(c => new Citation(c.Path, c.Chunk, c.StartLine, c.EndLine, c.Score))],
        [.. answer.Passages.Select(p => new Passage(p.Path, p.Chunk, p.Score))],
        new UsageCounts(answer.Usage.PromptTokens, answer.Usage.CachedTokens, answer.Usage.GeneratedTokens),
        Timings.From(answer.Timings),
        new ContextLoad(answer.Context.Strategy, answer.Context.Bytes));

    private static string NameOf(RagFinishReason reason) => reason switch
    {
        RagFinishReason.Stop => "stop",
        RagFinishReason.Length => "length",
        RagFinishReason.NoContext => "noContext",
        RagFinishReason.Reasoning => "reasoning",
        _ => throw new ArgumentOutOfRangeException(nameof(reason), reason, message: null),
    };

    internal sealed record Citation(string Path, int Chunk, int StartLine, int EndLine, float Score);

    internal sealed record Passage(string Path, int Chunk, float Score);

    internal sealed record UsageCounts(int PromptTokens, int CachedTokens, int GeneratedTokens);

    internal sealed record ContextLoad(string Strategy, long Bytes);

    /// <summary>Durations in milliseconds.</summary>
    internal sealed record Timings(
        double Queue, double Embed, double Retrieve, double Load, double Prefill, double FirstToken, double Decode, double Total)
    {
        /// <summary>Left out if nothing was ranked again.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public double? Rerank { get; private init; }

        private const int Digits = 3;

        public static Timings From(RagTimings timings) => new(
            Ms(timings.Queue),
            Ms(timings.Embed),
            Ms(timings.Retrieve),
            Ms(timings.Load + timings.Restore), // of passages, as tokens or as KV states
            Ms(timings.Prefill),
            Ms(timings.FirstToken),
            Ms(timings.Decode),
            Ms(timings.Total))
        {
            Rerank = timings.Rerank > TimeSpan.Zero ? Ms(timings.Rerank) : null,
        };

        private static double Ms(TimeSpan time) => Math.Round(time.TotalMilliseconds, Digits);
    }
}
