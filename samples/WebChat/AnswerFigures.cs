using RedisInfer;

namespace WebChat;

/// <summary>What the page shows under an answer. Times are in milliseconds.</summary>
internal sealed record AnswerFigures(
    RagFinishReason FinishReason,
    IReadOnlyList<int> Cited,
    double Queue,
    double Search,
    double Restore,
    double Prefill,
    double Decode,
    double Total,
    int PromptTokens,
    int CachedTokens,
    int GeneratedTokens,
    string? Host)
{
    public static AnswerFigures From(RagAnswer answer) => new(
        answer.FinishReason,
        [.. answer.Citations.Select(citation => citation.Number)],
        answer.Timings.Queue.TotalMilliseconds,
        (answer.Timings.Embed + answer.Timings.Retrieve + answer.Timings.Rerank + answer.Timings.Load).TotalMilliseconds,
        answer.Timings.Restore.TotalMilliseconds,
        answer.Timings.Prefill.TotalMilliseconds,
        answer.Timings.Decode.TotalMilliseconds,
        answer.Timings.Total.TotalMilliseconds,
        answer.Usage.PromptTokens,
        answer.Usage.CachedTokens,
        answer.Usage.GeneratedTokens,
        answer.Route?.Host);
}
