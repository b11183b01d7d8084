using System.Text.RegularExpressions;
using RedisInfer.Inference;
using StackExchange.Redis;

namespace RedisInfer;

/// <summary>Finds everything that is wrong with options, so that a host can mend it all at once.</summary>
internal static partial class RedisInferOptionsValidator
{
    public static IReadOnlyList<string> FindProblems(RedisInferOptions o)
    {
        var problems = new List<string>();
        void Check(bool good, string problem)
        {
            if (!good)
            {
                problems.Add(problem);
            }
        }

        Check(!string.IsNullOrWhiteSpace(o.ModelPath), "ModelPath is empty: give the path of a GGUF model.");
        problems.AddRange(FindRedisProblems(o.Redis));
        Check(CorpusName().IsMatch(o.Corpus ?? ""), $"Corpus '{o.Corpus}' is not a name of 1 to 64 letters, digits, '.', '_' or '-'.");
        Check(o.ContextSize >= 256, $"ContextSize is {o.ContextSize}: give at least 256 tokens.");
        Check(o.MaxConcurrentRequests is >= 1 and <= 188, $"MaxConcurrentRequests is {o.MaxConcurrentRequests}: give 1 to 188.");
        Check(o.QueueCapacity >= 1, $"QueueCapacity is {o.QueueCapacity}: give at least 1.");
        Check(Enum.IsDefined(o.FullQueue), $"FullQueue is {o.FullQueue}: give Wait or Refuse.");
        Check(IsTime(o.QueueTimeout ?? TimeSpan.Zero), $"QueueTimeout is {o.QueueTimeout}: give 0 to 24 days, or none.");
        Check(IsTime(o.ShutdownTimeout), $"ShutdownTimeout is {o.ShutdownTimeout}: give 0 to 24 days.");
        Check(o.PrefillSliceSize >= 1, $"PrefillSliceSize is {o.PrefillSliceSize}: give at least 1 token.");
        Check(o.MemoryLimitBytes >= 0, $"MemoryLimitBytes is {o.MemoryLimitBytes}: give 0 (what there is) or more.");
        Check(o.MemoryReserveBytes >= 0, $"MemoryReserveBytes is {o.MemoryReserveBytes}: give 0 or more.");
        Check(o.VectorSearchMemoryBytes >= 0, $"VectorSearchMemoryBytes is {o.VectorSearchMemoryBytes}: give 0 (the server searches) or more.");
        Check(Enum.IsDefined(o.OverBudget), $"OverBudget is {o.OverBudget}: give Refuse or LowerConcurrency.");
        Check(
            o.BatchSize >= o.MaxConcurrentRequests && o.BatchSize <= 8192,
            $"BatchSize is {o.BatchSize}: give at least MaxConcurrentRequests ({o.MaxConcurrentRequests}) and at most 8192 tokens.");
        Check(
            o.Threads >= 0 && o.Threads <= Environment.ProcessorCount,
            $"Threads is {o.Threads}: give 0 (all but one) to {Environment.ProcessorCount}, the CPUs of this process.");
        Check(o.GpuLayers >= 0, $"GpuLayers is {o.GpuLayers}: give 0 or more.");
        Check(
            o.FlashAttention || o.KvType == KvType.F16,
            $"KvType is {o.KvType} and FlashAttention is off: llama.cpp has other types than F16 with flash attention only.");
        problems.AddRange(PassageFinder.FindProblems(o.TopK, o.MinScore, o.Retrieval, o.Neighbors));
        Check(o.RerankCandidates is >= 1 and <= 100, $"RerankCandidates is {o.RerankCandidates}: give 1 to 100 passages.");
        Check(o.MaxOutputTokens >= 1, $"MaxOutputTokens is {o.MaxOutputTokens}: give at least 1.");
        Check(o.SystemPrompt is not null, "SystemPrompt is null: give an empty text for none.");
        Check(!string.IsNullOrEmpty(o.NoContextText), "NoContextText is empty: give the answer for questions that find nothing.");
        problems.AddRange(o.Chunking is null ? ["Chunking is null."] : o.Chunking.Validate());
        problems.AddRange(o.KvCache is null ? ["KvCache is null."] : o.KvCache.Validate());
        problems.AddRange(o.Sampling is null ? ["Sampling is null."] : o.Sampling.Validate());
        return problems;
    }

    // What timers take.
    private static bool IsTime(TimeSpan time) => time >= TimeSpan.Zero && time.TotalMilliseconds < int.MaxValue;

    /// <summary>None where there is no configuration: the connection may come from elsewhere.</summary>
    private static IEnumerable<string> FindRedisProblems(string? configuration)
    {
        if (string.IsNullOrWhiteSpace(configuration))
        {
            return [];
        }

        try
        {
            // The text itself is not repeated: it may hold a password.
            return ConfigurationOptions.Parse(configuration).EndPoints.Count > 0
                ? []
                : ["Redis names no server: give one as HOST:PORT, such as localhost:6379."];
        }
        catch (ArgumentException e)
        {
            return [$"Redis is no StackExchange.Redis configuration: {e.Message}"];
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9._-]{1,64}\z")]
    private static partial Regex CorpusName();
}
