namespace RedisInfer.Documents.Pdf;

/// <summary>
/// Puts the segments of a page into reading order. A run of lines with a free vertical stripe through it is either columns of text, read one
/// after the other, or rows of cells, read row by row.
/// </summary>
internal sealed class PdfReadingOrder(int page, ReadingBudget budget)
{
    // Each level cuts a region at one stripe. More columns than this are no text to read.
    private const int MaxLevels = 12;

    // Gutters between columns of text are rarely narrower than this many type sizes.
    private const double NarrowestGutter = 0.75;

    // Columns of text hold at least so much in a line; cells hold less.
    private const double LeastColumnChars = 14;
    private const double LeastColumnWords = 2.5;

    private readonly List<PdfLine> _lines = [];

    /// <summary>The lines in reading order.</summary>
    /// <param name="segments">The segments of one page.</param>
    public IReadOnlyList<PdfLine> Read(List<PdfSegment> segments)
    {
        if (segments.Count > 0)
            ReadRegion([.. segments.OrderByDescending(segment => segment.Baseline).ThenBy(segment => segment.Left)], level: 0);
        return _lines;
    }

    private void ReadRegion(List<PdfSegment> region, int level)
    {
        budget.Check();
        (double Left, double Right) column = (region.Min(segment => segment.Left), region.Max(segment => segment.Right));
        List<PdfSegment> single = [];
        for (int first = 0; first < region.Count;)
        {
            (int next, PdfStripe? gutter) = level < MaxLevels ? FindRun(region, first, column) : (region.Count, null);
            List<PdfSegment> run = region.GetRange(first, next - first);
            first = next;
            if (gutter is null)
            {
                single.AddRange(run);
                continue;
            }

            ReadLines(single, column);
            single.Clear();
            List<PdfSegment> left = [.. run.Where(segment => gutter.Value.IsRightOf(segment))];
            List<PdfSegment> right = [.. run.Where(segment => !gutter.Value.IsRightOf(segment))];
            if (AreColumns(left) && AreColumns(right))
            {
                ReadRegion(left, level + 1);
                ReadRegion(right, level + 1);
            }
            else
            {
                ReadRows(run, column);
            }
        }

        ReadLines(single, column);
    }

    /// <summary>
    /// The longest run from <paramref name="first"/> on through which a stripe is free, and that stripe. Without one: the first line, and no
    /// stripe.
    /// </summary>
    private (int Next, PdfStripe? Gutter) FindRun(List<PdfSegment> region, int first, (double Left, double Right) column)
    {
        double narrowest = NarrowestGutter * region[first].Size;
        List<PdfStripe> free = [new(column.Left, column.Right)];
        int next = first;
        while (next < region.Count)
        {
            List<PdfStripe> left = PdfStripe.Without(free, region[next], narrowest);
            if (left.Count == 0)
                break;
            (free, next) = (left, next + 1);
            if ((next & 63) == 0)
                budget.Check();
        }

        // A line as wide as the column stops every run.
        next = Math.Max(next, first + 1);
        List<PdfSegment> run = region.GetRange(first, next - first);
        PdfStripe? widest = null;
        foreach (PdfStripe stripe in free)
        {
            budget.Check();
            bool inside = run.Exists(segment => segment.Right <= stripe.Left + 0.01)
                && run.Exists(segment => segment.Left >= stripe.Right - 0.01);
            if (inside && (widest is null || stripe.Width > widest.Value.Width))
                widest = stripe;
        }

        // One line with a gap is a line with a gap. A longer line above a table hides its stripes, so the search continues below it.
        if (widest is not null && CountLines(run) >= 2)
            return (next, widest);
        next = first + 1;
        while (next < region.Count && region[first].Baseline - region[next].Baseline <= 0.5 * region[first].Size)
            next++;
        return (next, null);
    }

    private static bool AreColumns(List<PdfSegment> side)
    {
        int lines = CountLines(side);
        return lines >= 2
            && side.Sum(segment => segment.Text.Length) >= LeastColumnChars * lines
            && side.Sum(segment => segment.WordCount) >= LeastColumnWords * lines
            && !side.TrueForAll(segment => segment.IsMonospaced);
    }

    private static int CountLines(List<PdfSegment> segments)
    {
        int lines = 0;
        double last = double.PositiveInfinity;
        foreach (PdfSegment segment in segments)
        {
            if (last - segment.Baseline > 0.5 * segment.Size)
                (lines, last) = (lines + 1, segment.Baseline);
        }

        return lines;
    }

    private void ReadRows(List<PdfSegment> run, (double Left, double Right) column)
    {
        List<PdfLine>? table = PdfTable.TryRead(run, page, column);
        if (table is null)
            ReadLines(run, column);
        else
            _lines.AddRange(table);
    }

    /// <summary>Joins segments that are on one line, superscripts among them.</summary>
    private void ReadLines(List<PdfSegment> segments, (double Left, double Right) column)
    {
        foreach (List<PdfSegment> line in PdfTable.Lines(segments))
            _lines.Add(PdfLine.Of(line, page, column));
    }
}
