namespace RedisInfer.Benchmarks.Steady;

/// <summary>
/// Made documents. Each is asked about once, so that only the instructions before its passages are reused, however much is kept.
/// </summary>
internal static class ProbeDocuments
{
    private const int Paragraphs = 3;
    private const int WordsPerParagraph = 60;

    private static readonly string[] Words =
        ["backup", "order", "gateway", "reader", "keeps", "writes", "every", "morning", "until", "the", "service", "of", "a", "day", "ferry", "lane"];

    public static string Question(int probe) => $"Who keeps the {Name(probe)} every morning?";

    public static IEnumerable<RagDocument> All(int count) =>
        Enumerable.Range(0, count).Select(probe => new RagDocument($"probe-{Name(probe)}", Text(probe)));

    private static string Name(int probe) => $"quillon{probe}";

    private static string Text(int probe)
    {
        var random = new Random(probe);
        return string.Join("\n\n", Enumerable.Range(0, Paragraphs).Select(_ =>
            $"The {Name(probe)} " + string.Join(' ', Enumerable.Range(0, WordsPerParagraph).Select(_ => Words[random.Next(Words.Length)])) + "."));
    }
}
