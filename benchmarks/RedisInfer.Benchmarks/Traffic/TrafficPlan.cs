using System.Text.RegularExpressions;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Traffic;

/// <summary>Which questions are asked, and in which order. Always the same for the same numbers.</summary>
/// <param name="Distinct">Number of different questions.</param>
/// <param name="Count">Number of questions asked.</param>
/// <param name="Zipf">The exponent of Zipf's law: the question of rank r is asked in proportion to r to the power of minus this.</param>
internal sealed partial record TrafficPlan(int Distinct, int Count, double Zipf)
{
    private const int Seed = 1;
    private const int FewestWords = 8;
    private const int MostWords = 14;

    /// <summary>The documentation: this project's own, and the handbook of the sample.</summary>
    public static IReadOnlyList<RagDocument> Documents() =>
    [
        .. new[] { "docs", "samples/ConsoleDemo/handbook", "benchmarks/RedisInfer.Benchmarks/Quality" }
            .SelectMany(folder => Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), "*.md", SearchOption.AllDirectories))
            .Append(Path.Combine(Repository.Root, "benchmarks", "README.md"))
            .Order(StringComparer.Ordinal)
            .Select(path => new RagDocument(Path.GetRelativePath(Repository.Root, path).Replace('\\', '/'), File.ReadAllText(path))),
    ];

    /// <summary>The questions in the order in which they are asked, each made of a sentence.</summary>
    public IReadOnlyList<string> Questions(IEnumerable<RagDocument> documents)
    {
        string[] sentences =
        [
            .. documents.SelectMany(document => Prose(document.Text)).SelectMany(line => Sentence().Split(line))
                .Select(sentence => sentence.Trim(' ', '-', '*', '.').Split(' ', StringSplitOptions.RemoveEmptyEntries))
                .Where(words => words.Length is >= FewestWords and <= MostWords)
                .Select(words => string.Join(' ', words) + "?").Distinct(StringComparer.Ordinal),
        ];
        var random = new Random(Seed);
        random.Shuffle(sentences);
        if (sentences.Length < Distinct)
        {
            throw new InvalidOperationException($"The documentation has {sentences.Length} sentences that make a question, fewer than {Distinct}.");
        }

        double[] sums = new double[Distinct];
        for (int rank = 0; rank < Distinct; rank++)
        {
            sums[rank] = (rank == 0 ? 0 : sums[rank - 1]) + Math.Pow(rank + 1, -Zipf);
        }

        return [.. Enumerable.Range(0, Count).Select(_ => sentences[Rank(random.NextDouble() * sums[^1])])];

        int Rank(double at) => Math.Min(Distinct - 1, Array.FindIndex(sums, sum => at < sum) is var found and >= 0 ? found : Distinct - 1);
    }

    private static IEnumerable<string> Prose(string text) =>
        text.ReplaceLineEndings("\n").Split("\n\n").Where(paragraph => paragraph.Length > 0 && char.IsLetter(paragraph[0]))
            .Select(paragraph => paragraph.Replace('\n', ' '));

    [GeneratedRegex(@"(?<=[.:])\s+")]
    private static partial Regex Sentence();
}
