using System.Buffers;
using System.Globalization;
using System.Text.RegularExpressions;

namespace RedisInfer.Prompting;

/// <summary>
/// Finds citations in an answer as people and models write them: <c>[2]</c>, <c>[1, 3]</c>, <c>[1-3]</c>, <c>[1 and 2]</c>, <c>[^1]</c>,
/// <c>[Source 2]</c>, <c>【1】</c>. These cite nothing:
/// <list type="bullet">
/// <item>code, links and their definitions;</item>
/// <item>the index of an array: a bracket directly after a word, unless the passage holds the words before it;</item>
/// <item>a footnote that the answer has copied from a passage;</item>
/// <item>a list with a number that no list of passages has, such as <c>[0, 2]</c>.</item>
/// </list>
/// </summary>
internal static partial class CitationParser
{
    // A copied footnote is told by this many characters before it, white space apart.
    private const int ContextLength = 24;
    private const int LeastContext = 3;
    private const int WordsBeforeIndex = 2;

    private static readonly SearchValues<char> Dashes = SearchValues.Create("-–—‑");

    /// <summary>Finds the passage numbers cited, each once, in order of first citation.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="passages">Texts of the passages, in order. Higher numbers cite nothing and are left out.</param>
    public static IReadOnlyList<int> Parse(string text, IReadOnlyList<string> passages) =>
        Parse(text, passages.Index().ToDictionary(passage => passage.Index + 1, passage => passage.Item));

    /// <summary>Finds the passage numbers cited, each once, in order of first citation.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="passages">Texts of the passages by number. Other numbers cite nothing and are left out.</param>
    public static IReadOnlyList<int> Parse(string text, IReadOnlyDictionary<int, string> passages)
    {
        var numbers = new List<int>();
        string[] squeezed = [.. passages.Values.Select(Squeeze)];
        (int End, bool Cites) last = (0, false);
        foreach (Match match in Candidate().Matches(text).Where(match => match.Groups["open"].Success))
        {
            IReadOnlyList<int> cited = ReadNumbers(match);
            bool cites = cited.Count > 0 && (match.Index == last.End && match.Index > 0 ? last.Cites : !IsIndex(text, match, cited, passages))
                && !IsCopied(text, match, squeezed);
            last = (match.Index + match.Length, cites);
            if (cites)
                numbers.AddRange(cited.Where(passages.ContainsKey));
        }

        return [.. numbers.Distinct()];
    }

    /// <summary>The highest number in brackets, whether it cites a passage or not; 0 if there is none.</summary>
    /// <param name="text">An answer.</param>
    public static int HighestNumber(string text) =>
        Candidate().Matches(text).Where(match => match.Groups["open"].Success).SelectMany(ReadNumbers).DefaultIfEmpty(0).Max();

    /// <summary>The numbers in a bracket; none if one of them can be no passage's.</summary>
    private static List<int> ReadNumbers(Match match)
    {
        List<int> numbers = [];
        foreach (Capture item in match.Groups["item"].Captures)
        {
            int dash = item.ValueSpan.IndexOfAny(Dashes);
            int first = Number(dash < 0 ? item.ValueSpan : item.ValueSpan[..dash]);
            int last = dash < 0 ? first : Number(item.ValueSpan[(dash + 1)..]);
            if (first < 1 || last < first || last - first > 100)
                return [];
            numbers.AddRange(Enumerable.Range(first, last - first + 1));
        }

        return numbers;
    }

    private static int Number(ReadOnlySpan<char> text)
    {
        int number = 0;
        foreach (char c in text)
        {
            number = char.IsDigit(c) ? (number * 10) + CharUnicodeInfo.GetDecimalDigitValue(c) : number;
        }

        return number;
    }

    /// <summary>Whether the bracket is the index of what is directly before it, as in <c>rows[2][3]</c> or <c>f(x)[1]</c>.</summary>
    private static bool IsIndex(string text, Match match, IReadOnlyList<int> cited, IReadOnlyDictionary<int, string> passages)
    {
        if (match.Groups["open"].Value != "[" || match.Index == 0)
            return false;
        char before = text[match.Index - 1];
        if (before == ')')
            return IsCall(text, match.Index - 1);
        if (before == ']')
            return true;
        bool isName = before == '_' || char.IsAsciiDigit(before) || char.IsUpper(before) || char.IsLower(before);
        string words = WordsBefore(text, match.Index);
        return isName && !cited.Any(number => passages.TryGetValue(number, out string? passage) && Holds(passage, words));
    }

    private static bool IsCall(string text, int close)
    {
        int depth = 0;
        for (int i = close; i >= 0; i--)
        {
            depth += text[i] == ')' ? 1 : text[i] == '(' ? -1 : 0;
            if (depth == 0)
                return i > 0 && (char.IsLetterOrDigit(text[i - 1]) || text[i - 1] == '_');
        }

        return false;
    }

    private static string WordsBefore(string text, int end)
    {
        int start = end;
        for (int words = 0; words < WordsBeforeIndex && start > 0; words++)
        {
            start = text.AsSpan(0, start).TrimEnd().LastIndexOfAny(' ', '\n') + 1;
        }

        string before = text[start..end].Trim();
        return before.Any(char.IsWhiteSpace) ? before : "";
    }

    private static bool Holds(string passage, string words) => words.Length > 0 && passage.Contains(words, StringComparison.OrdinalIgnoreCase);

    private static bool IsCopied(string text, Match match, string[] squeezed)
    {
        int start = Math.Max(0, match.Index - (2 * ContextLength));
        string before = Squeeze(text[start..match.Index]);
        string context = before[Math.Max(0, before.Length - ContextLength)..];
        return context.Count(char.IsLetter) >= LeastContext
            && Array.Exists(squeezed, passage => passage.Contains(context + Squeeze(match.Value), StringComparison.OrdinalIgnoreCase));
    }

    private static string Squeeze(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));

    /// <summary>What may hold brackets that are no citations, and is passed over, or a citation.</summary>
    [GeneratedRegex(
        """
        ^[ \t]*(?<fence>`{3,}|~{3,})[^\n]*(\n.*?(^[ \t]*\k<fence>[`~]*[ \t]*\r?$|\z)|\z)   # a block of code, closed or not
        | (?<!`)(?<ticks>`+)(?!`).+?(?<!`)\k<ticks>(?!`)                                   # code in a line
        | ^[ ]{0,3}\[[^\]\n]*\]:[ \t]*<?\w+:/{2}\S*                                        # the definition of a link
        | !?\[\[?[^\[\]\n]*\]?\]\([^)\n]*\)                                                # a link
        | (?<open>[\[【［])\s*
          ((sources?|passages?|documents?|docs?|refs?\.?|references?|citations?|quellen?|no\.?|nr\.?)\s*:?\s*)?
          (?<item>[\^\#]?\d{1,4}(\s*[-–—‑]\s*\d{1,4})?)
          (\s*([,;，、；/&+]|\b(and|or|und|oder|et|ou|y|o|e)\b)+\s*((and|und|et|y|e|&)\s+)?(sources?|passages?|documents?|docs?)?\s*
            (?<item>[\^\#]?\d{1,4}(\s*[-–—‑]\s*\d{1,4})?))*
          \s*(†[^\]】］\n]*)?[\]】］]
        """,
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline | RegexOptions.IgnoreCase
            | RegexOptions.IgnorePatternWhitespace | RegexOptions.CultureInvariant)]
    private static partial Regex Candidate();
}
