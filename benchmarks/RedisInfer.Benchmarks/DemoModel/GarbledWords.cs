using System.Text.RegularExpressions;

namespace RedisInfer.Benchmarks.DemoModel;

/// <summary>Counts words in answers that occur in no passage. A model that answers by copying produces none.</summary>
internal sealed partial class GarbledWords
{
    /// <summary>Words counted so far.</summary>
    public int Count { get; private set; }

    /// <summary>Counts the words of an answer that occur in none of its passages.</summary>
    /// <returns>Those words.</returns>
    public IReadOnlyList<string> Add(string answer, IEnumerable<string> passages)
    {
        if (answer.Trim() == RedisInferOptions.DefaultNoContextText)
        {
            return [];
        }

        HashSet<string> known = [.. passages.SelectMany(Words)];
        List<string> garbled = [.. Words(Citation().Replace(answer, " ")).Where(word => !known.Contains(word))];
        Count += garbled.Count;
        return garbled;
    }

    private static IEnumerable<string> Words(string text) => Word().Matches(text).Select(match => match.Value.ToUpperInvariant());

    [GeneratedRegex(@"[\p{L}\p{N}]+")]
    private static partial Regex Word();

    [GeneratedRegex(@"\[\d+\]")]
    private static partial Regex Citation();
}
