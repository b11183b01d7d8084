using System.Text.RegularExpressions;

namespace RedisInfer.Benchmarks.Formats;

/// <summary>A question made of a sentence of a manual's text: its rarest words, in their order.</summary>
/// <param name="Manual">The manual.</param>
/// <param name="Sentence">The sentence that a passage must hold.</param>
/// <param name="Question">The question.</param>
internal sealed partial record ManualQuestion(Manual Manual, string Sentence, string Question)
{
    private const int FewestWords = 8;
    private const int MostWords = 40;
    private const int AskedWords = 8;

    /// <summary>Chooses sentences that occur once in their manual, evenly from all manuals.</summary>
    public static IReadOnlyList<ManualQuestion> Choose(IReadOnlyList<Manual> manuals, int count, int seed)
    {
        var random = new Random(seed);
        List<ManualQuestion[]> all = [.. manuals.Select(manual => OfManual(manual).ToArray())];
        all.ForEach(random.Shuffle);
        List<ManualQuestion> chosen = [];
        for (int i = 0; chosen.Count < count && all.Any(questions => i < questions.Length); i++)
        {
            chosen.AddRange(all.Where(questions => i < questions.Length).Select(questions => questions[i]).Take(count - chosen.Count));
        }

        return chosen;
    }

    private static IEnumerable<ManualQuestion> OfManual(Manual manual)
    {
        string text = File.ReadAllText(manual.TextFile).ReplaceLineEndings("\n");
        List<string> sentences =
            [.. BlankLine().Split(text).SelectMany(paragraph => SentenceEnd().Split(WhiteSpace().Replace(paragraph, " ").Trim()))];
        Dictionary<string, int> words = sentences.SelectMany(PlainWords.Of).CountBy(word => word).ToDictionary();
        Dictionary<string, int> times = sentences.CountBy(PlainWords.Squash).ToDictionary();
        foreach (string sentence in sentences)
        {
            IReadOnlyList<string> own = PlainWords.Of(sentence);
            // Marks of emphasis, numbers of sections and addresses of links differ between formats of one manual.
            if (own.Count is < FewestWords or > MostWords || !PlainSentence().IsMatch(sentence) || times[PlainWords.Squash(sentence)] > 1)
                continue;
            HashSet<string> rarest = [.. own.Distinct().OrderBy(word => words[word]).Take(AskedWords)];
            yield return new ManualQuestion(manual, sentence, string.Join(' ', own.Distinct().Where(rarest.Contains)));
        }
    }

    [GeneratedRegex(@"\n[ \t]*\n")]
    private static partial Regex BlankLine();

    [GeneratedRegex(@"\s+")]
    private static partial Regex WhiteSpace();

    [GeneratedRegex(@"(?<=[a-z)][.!?])\s+(?=[A-Z])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^[A-Z][A-Za-z ,;:'’-]+[.!?]$")]
    private static partial Regex PlainSentence();
}
