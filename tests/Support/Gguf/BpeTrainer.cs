namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// Learns byte-pair merges from words, the most frequent pair first. Ties are broken by ordinal order, so that the result depends
/// only on the text. Source: Sennrich, Haddow, Birch: "Neural machine translation of rare words with subword units", 2016.
/// </summary>
internal sealed class BpeTrainer
{
    private readonly List<(List<string> Symbols, int Count)> _words;

    /// <param name="words">Words in byte-level letters, each with its number of occurrences.</param>
    public BpeTrainer(IEnumerable<(string Word, int Count)> words) =>
        _words = [.. words.Select(w => (w.Word.Select(c => c.ToString()).ToList(), w.Count))];

    /// <summary>Returns at most <paramref name="limit"/> merges, and fewer if no pair occurs twice any more.</summary>
    public List<(string Left, string Right)> Learn(int limit)
    {
        var merges = new List<(string, string)>(limit);
        while (merges.Count < limit && MostFrequentPair() is var (left, right))
        {
            merges.Add((left, right));
            foreach ((List<string> symbols, _) in _words)
                Merge(symbols, left, right);
        }

        return merges;
    }

    private (string Left, string Right)? MostFrequentPair()
    {
        var counts = new Dictionary<(string Left, string Right), int>();
        foreach ((List<string> symbols, int count) in _words)
        {
            for (int i = 1; i < symbols.Count; i++)
            {
                (string, string) pair = (symbols[i - 1], symbols[i]);
                counts[pair] = counts.GetValueOrDefault(pair) + count;
            }
        }

        return counts
            .Where(c => c.Value > 1)
            .OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key.Left, StringComparer.Ordinal)
            .ThenBy(c => c.Key.Right, StringComparer.Ordinal)
            .Select(c => ((string, string)?)c.Key)
            .FirstOrDefault();
    }

    private static void Merge(List<string> symbols, string left, string right)
    {
        for (int i = 0; i + 1 < symbols.Count; i++)
        {
            if (symbols[i] != left || symbols[i + 1] != right)
                continue;
            symbols[i] = left + right;
            symbols.RemoveAt(i + 1);
        }
    }
}
