namespace RedisInfer.Benchmarks.Retrieval;

/// <summary>
/// Documents with realistic word frequencies. Each is about a topic with its own vocabulary, and all share frequent words
/// (Zipf's law). The same seed gives the same documents.
/// </summary>
internal sealed class SyntheticText(int seed)
{
    public const int ParagraphsPerDocument = 10;

    private const int Vocabulary = 20_000;
    private const int TopicWords = 150;
    private const double TopicShare = 0.4;
    private static readonly string[] Syllables =
        [.. from a in "bdfgklmnprstvz" from b in "aeiou" from c in new[] { "", "n", "r", "l" } select $"{a}{b}{c}"];

    private readonly string[] _words = MakeWords(new Random(seed));

    public RagDocument Document(int number)
    {
        var random = new Random((seed * 1_000_003) + number);
        string[] topic = [.. Enumerable.Range(0, TopicWords).Select(_ => _words[random.Next(Vocabulary)])];
        IEnumerable<string> paragraphs = Enumerable.Range(0, ParagraphsPerDocument).Select(_ => Paragraph(random, topic));
        return new RagDocument($"topic-{number / 100}/document-{number}.md", string.Join("\n\n", paragraphs));
    }

    public async IAsyncEnumerable<RagDocument> DocumentsAsync(int count)
    {
        await Task.CompletedTask;
        for (int number = 0; number < count; number++)
        {
            yield return Document(number);
        }
    }

    /// <summary>Makes a question from some of the words of a paragraph.</summary>
    public string Question(Random random, int documentCount)
    {
        string[] paragraphs = Document(random.Next(documentCount)).Text.Split("\n\n");
        string[] words = paragraphs[random.Next(paragraphs.Length)].Split(' ');
        int length = Math.Max(4, words.Length / 4);
        int start = random.Next(words.Length - length);
        return string.Join(' ', words[start..(start + length)]);
    }

    private string Paragraph(Random random, string[] topic)
    {
        var words = new string[40 + random.Next(40)];
        for (int i = 0; i < words.Length; i++)
        {
            words[i] = random.NextDouble() < TopicShare
                ? topic[(int)(Math.Pow(random.NextDouble(), 2) * TopicWords)]
                : _words[(int)(Math.Pow(Vocabulary, random.NextDouble()) - 1)];
        }

        return string.Join(' ', words) + ".";
    }

    private static string[] MakeWords(Random random)
    {
        var words = new HashSet<string>();
        while (words.Count < Vocabulary)
        {
            words.Add(string.Concat(Enumerable.Range(0, 2 + random.Next(2)).Select(_ => Syllables[random.Next(Syllables.Length)])));
        }

        return [.. words];
    }
}
