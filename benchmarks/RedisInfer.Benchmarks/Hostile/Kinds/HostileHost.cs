using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>What the kinds that use a whole runtime share: options, a few documents, and what must be true of every answer.</summary>
internal static class HostileHost
{
    /// <summary>The key that seals KV blocks, so that a lying server can seal what it makes up.</summary>
    public const string Secret = "a secret that the liar knows";

    /// <summary>Memory of the embedded server, so that it is soon full and does not hide a leak.</summary>
    public const long ServerBytes = 64 << 20;

    public static IReadOnlyList<RagDocument> Documents { get; } =
    [
        new("guides/backups.md", "# Backups\n\nBackups are kept for 90 days.\n\nA daily copy is kept for two weeks."),
        new("guides/accounts.md", "# Accounts\n\nNew people get an account on their first day.") { Tags = ["people"] },
        new("notes/office.txt", "The office is open from eight until seven.\n\nVisitors wear a badge, and backups are not their business."),
    ];

    /// <summary>Options with a small model.</summary>
    public static RedisInferOptions Options(int contextSize) => new()
    {
        ModelPath = TestModels.Text,
        MaxOutputTokens = 6,
        Engine = { Threads = 1 },
        Capacity = { ContextSize = contextSize, MaxConcurrentRequests = 2, BatchSize = 128 },
        KvCache = { Secret = Secret },
    };

    /// <summary>Throws if an answer cannot be right, whatever was asked.</summary>
    public static void Check(RagAnswer answer, RagRequest request)
    {
        string? problem =
            answer.Passages.Count > 100 * 21 ? $"it has {answer.Passages.Count} passages"
            : answer.Citations.Any(citation => citation.Number < 1 || citation.Number > answer.Passages.Count) ? "it cites a passage that it does not have"
            : answer.FinishReason != RagFinishReason.NoContext && request.StopSequences.Any(stop => answer.Text.Contains(stop, StringComparison.Ordinal))
                ? "it contains a stop sequence"
            : answer.Usage.GeneratedTokens > (request.MaxOutputTokens ?? int.MaxValue) ? $"it has {answer.Usage.GeneratedTokens} tokens"
            : answer.Passages.Any(passage => passage.StartLine > passage.EndLine || passage.StartLine < 1) ? "the lines of a passage are no range"
            : answer.Passages.Any(passage => !float.IsFinite(passage.Score)) ? "a score is no number"
            : null;
        if (problem is not null)
        {
            throw new InvalidDataException($"The answer is wrong: {problem}.");
        }
    }
}
