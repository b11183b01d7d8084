using System.Text.RegularExpressions;

namespace RedisInfer.Documents.Pdf;

/// <summary>Finds the entries of a table of contents: they repeat the headings, so a question would find them and not the text.</summary>
internal static partial class PdfContents
{
    // Fewer lines with leaders may be a price list.
    private const int LeastEntries = 4;

    // A page is nothing but contents if so many of its lines are entries. Its other lines are chapters, whose entries have no leaders.
    private const double LeastShareOfEntries = 0.5;

    /// <summary>Removes the entries from a page.</summary>
    public static void Drop(List<PdfSegment> page)
    {
        List<List<PdfSegment>> lines = PdfTable.Lines(page);
        List<List<PdfSegment>> entries = [.. lines.Where(line => line.Exists(segment => Leaders().IsMatch(segment.Text)))];
        if (entries.Count < LeastEntries)
            return;
        if (entries.Count >= LeastShareOfEntries * lines.Count)
        {
            page.Clear();
            return;
        }

        HashSet<PdfSegment> dropped = new(entries.SelectMany(line => line), ReferenceEqualityComparer.Instance);
        page.RemoveAll(dropped.Contains);
    }

    [GeneratedRegex(@"(\. ?){4,}", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Leaders();
}
