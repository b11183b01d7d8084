using System.Globalization;
using System.Text.RegularExpressions;

namespace RedisInfer.Prompting;

/// <summary>Finds citations such as <c>[2]</c>, <c>[1, 3]</c> or <c>[1][2]</c> in an answer.</summary>
internal static partial class CitationParser
{
    /// <summary>Finds the passage numbers cited, each once, in order of first citation.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="passageCount">Number of passages. Higher numbers cite nothing and are left out.</param>
    public static IReadOnlyList<int> Parse(string text, int passageCount)
    {
        var numbers = new List<int>();
        foreach (Match citation in Citation().Matches(text))
        {
            foreach (Capture capture in citation.Groups["number"].Captures)
            {
                if (int.TryParse(capture.ValueSpan, NumberStyles.None, CultureInfo.InvariantCulture, out int number)
                    && number >= 1 && number <= passageCount && !numbers.Contains(number))
                {
                    numbers.Add(number);
                }
            }
        }

        return numbers;
    }

    [GeneratedRegex(@"\[\s*(?<number>\d{1,4})(?:\s*[,;]\s*(?<number>\d{1,4}))*\s*\]", RegexOptions.ExplicitCapture)]
    private static partial Regex Citation();
}
