using System.Globalization;
using System.Text.RegularExpressions;

namespace RedisInfer.Documents.Pdf;

/// <summary>
/// Finds what belongs to the page, not to the text: titles that recur at the same place of the head or foot of pages, and page numbers.
/// </summary>
internal static partial class PdfRunningHeads
{
    // A head may have a second line, if it is near the first: so many type sizes.
    private const double SecondLine = 2;
    private const int LongestHead = 200;

    // Of so few words, numbers are taken for page numbers.
    private const int MostWordsWithNumber = 8;

    // A title is a running head if it recurs on so many pages; on all pages if there are fewer.
    private const int LeastPages = 3;

    // If so many pages have a running head at one height, whatever is at this height of the other pages is one, too.
    private const double LeastShareOfPages = 0.5;

    /// <summary>Removes running heads and feet from the pages.</summary>
    public static void Drop(IReadOnlyList<List<PdfSegment>> pages)
    {
        int pagesWithText = pages.Count(page => page.Count > 0);
        if (pagesWithText < 2)
            return;
        List<PdfSegment>[] edges = [.. pages.Select(Edges)];
        Dictionary<string, int> recurring = Count(edges, Key);
        int least = Math.Min(LeastPages, pagesWithText);
        List<PdfSegment>[] heads = [.. edges.Select(edge => (List<PdfSegment>)[.. edge.Where(segment => recurring[Key(segment)] >= least)])];

        Dictionary<string, int> heights = pagesWithText < LeastPages ? [] : Count(heads, Height);
        List<HashSet<PdfSegment>> dropped = [];
        for (int i = 0; i < pages.Count; i++)
        {
            dropped.Add(new HashSet<PdfSegment>(heads[i], ReferenceEqualityComparer.Instance));
            dropped[i].UnionWith(edges[i].Where(segment => heights.GetValueOrDefault(Height(segment)) >= LeastShareOfPages * pagesWithText));
        }

        // Pages of one similar line each have no head, but this line.
        if (Enumerable.Range(0, pages.Count).Count(i => dropped[i].Count > 0 && dropped[i].Count == pages[i].Count) * 2 > pagesWithText)
            return;
        for (int i = 0; i < pages.Count; i++)
            pages[i].RemoveAll(dropped[i].Contains);
    }

    private static Dictionary<string, int> Count(List<PdfSegment>[] pages, Func<PdfSegment, string> key) =>
        pages.SelectMany(page => page.Select(key).Distinct()).GroupBy(text => text, StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);

    private static List<PdfSegment> Edges(List<PdfSegment> page)
    {
        List<double> baselines = [];
        foreach (PdfSegment segment in page.OrderByDescending(segment => segment.Baseline))
        {
            if (baselines.Count == 0 || baselines[^1] - segment.Baseline > 0.5 * segment.Size)
                baselines.Add(segment.Baseline);
        }

        if (baselines.Count == 0)
            return [];
        double near = SecondLine * page.Average(segment => segment.Size);
        double top = baselines.Count > 1 && baselines[0] - baselines[1] <= near ? baselines[1] : baselines[0];
        double bottom = baselines.Count > 1 && baselines[^2] - baselines[^1] <= near ? baselines[^2] : baselines[^1];
        return [.. page.Where(segment => segment.Text.Length <= LongestHead
            && (segment.Baseline >= top - 0.5 * segment.Size || segment.Baseline <= bottom + 0.5 * segment.Size))];
    }

    private static string Height(PdfSegment segment) => Math.Round(segment.Baseline).ToString(CultureInfo.InvariantCulture);

    /// <summary>What recurring titles have in common: height, type size, and text with any number for a number.</summary>
    private static string Key(PdfSegment segment)
    {
        string text = segment.WordCount <= MostWordsWithNumber ? Number().Replace(segment.Text, "#") : segment.Text;
        return string.Create(
            CultureInfo.InvariantCulture, $"{Height(segment)} {segment.Size:0} {(PageNumber().IsMatch(text) ? "#" : text.ToLowerInvariant())}");
    }

    [GeneratedRegex(@"\d+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Number();

    [GeneratedRegex(@"^\W*(page|seite|p\.)?\s*(#|[ivxlc]{1,7})(\s*(/|of|von)\s*#)?\W*$", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex PageNumber();
}
