using RedisInfer.Inference;
using RedisInfer.Llama.Binding;
using RedisInfer.Llama.Gguf;

namespace RedisInfer.Llama;

/// <summary>
/// The classification head of a re-ranker. Without one, llama.cpp would read scores from a tensor of another shape, and may end the process
/// (llama-graph.cpp <c>build_pooling</c> and llama-context.cpp <c>encode</c>, v0.4.0).
/// </summary>
internal static class RankHead
{
    private const string Head = "cls.output.weight";

    // The one architecture whose head is a single layer under another name.
    private const string Jina = "jina-bert-v2";
    private const string JinaHead = "cls.weight";

    // No re-ranker has that many outputs.
    private const int MaxLabels = 8;

    // Their scores are probabilities over all outputs, so one output alone would always be 1.
    private static readonly string[] WithProbabilities = ["qwen3", "qwen3vl"];

    private static readonly HashSet<string> Architectures = new(StringComparer.Ordinal)
    {
        "bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "modern-bert", "jina-bert-v3", "qwen3", "qwen3vl",
    };

    /// <summary>Whether a file holds a classification head that llama.cpp reads.</summary>
    internal static bool IsIn(GgufHeader header) => header.Architecture == Jina
        ? Has(header, JinaHead)
        : Architectures.Contains(header.Architecture) && Has(header, Head);

    /// <summary>Finds the output of the head that is the score.</summary>
    /// <returns>Its index; <see langword="null"/>: the model is no re-ranker.</returns>
    /// <exception cref="Errors.RedisInferException">The model says that it is a re-ranker, but gives no score.</exception>
    internal static int? FindScore(
        BoundModel model, ModelFacts facts, GgufHeader header, string path, IReadOnlyList<(string Path, GgufHeader Header)> parts)
    {
        bool mustRank = LlamaModelDescription.PoolingOf(header) == EmbeddingPooling.Rank;
        if (!parts.Any(part => IsIn(part.Header)))
        {
            return mustRank
                ? throw GgufErrors.GgufUnusable(
                    path,
                    $"it is a re-ranker (pooling type 'rank') of the architecture '{header.Architecture}', but has no classification head "
                    + $"('{(header.Architecture == Jina ? JinaHead : Head)}'). Convert the model again with its head, or use another")
                : null;
        }

        using HandleUse use = model.Use();
        int count = facts.ClassCount;
        string?[] labels = [.. Enumerable.Range(0, Math.Min(count, MaxLabels)).Select(model.ReadClassLabel)];
        int yes = Array.FindIndex(labels, label => string.Equals(label, "yes", StringComparison.OrdinalIgnoreCase));
        if (count > 1 && yes >= 0 && header.Architecture != Jina)
            return yes;
        if (count == 1 && !WithProbabilities.Contains(header.Architecture))
            return 0;
        return mustRank
            ? throw GgufErrors.GgufUnusable(
                path,
                $"its classification head has {count} outputs ({string.Join(", ", labels)}), and it is unknown which of them is the score. A "
                + "re-ranker has one, or one with the label 'yes'")
            : null;
    }

    /// <summary>Bytes of the logits that a decoder computes for each row of a batch, though only its scores are wanted.</summary>
    internal static long EstimateLogits(GgufHeader header, ContextOptions options) =>
        options.Ranking && !ArchitectureFacts.NotCausal.Contains(header.Architecture)
            ? (header.Metadata.GetValueOrDefault("tokenizer.ggml.tokens")?.Count ?? 0) * options.BatchSize * sizeof(float)
            : 0;

    private static bool Has(GgufHeader header, string name) => header.Tensors.Any(tensor => tensor.Name == name);
}
