using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.DemoModel;

/// <summary>A folder of documents and a file of questions about them.</summary>
/// <param name="Name">What the names of its figures begin with.</param>
/// <param name="Suffix">What they end with; may be empty.</param>
/// <param name="Docs">The folder.</param>
/// <param name="Questions">The file.</param>
internal sealed record Handbook(string Name, string Suffix, string Docs, string Questions)
{
    private static readonly string Here = Path.Combine(Repository.Root, "benchmarks", "RedisInfer.Benchmarks", "DemoModel");
    private static readonly string Sample = Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook");

    /// <summary>The sample's handbook, with questions that were read when the recipe was made.</summary>
    public static Handbook Known { get; } = new("corpus", "", Sample, Path.Combine(Here, "demo-handbook-questions.jsonl"));

    /// <summary>Handbooks with questions that were written after the recipe.</summary>
    public static IReadOnlyList<Handbook> Fresh { get; } =
    [
        new("corpus", "_fresh", Sample, Path.Combine(Here, "fresh-handbook-questions.jsonl")),
        new("corpus", "_bakery", Path.Combine(Here, "bakery-handbook"), Path.Combine(Here, "bakery-handbook-questions.jsonl")),
    ];
}
