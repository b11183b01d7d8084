namespace RedisInfer.Documents.Pdf;

/// <summary>Letters of a page to segments.</summary>
internal static class PdfSegments
{
    // A baseline is the same if it differs by less than this part of the type size.
    private const double SameBaseline = 0.15;

    // Within a line, a gap this wide, in type sizes, may separate columns or cells.
    private const double WideGap = 0.75;

    /// <summary>Groups letters of one direction.</summary>
    /// <param name="letters">The letters, in any order.</param>
    /// <param name="budget">Checked for time.</param>
    /// <returns>The segments, from top to bottom.</returns>
    public static List<PdfSegment> Of(List<PdfLetter> letters, ReadingBudget budget)
    {
        List<PdfSegment> segments = [];
        List<PdfLetter> row = [];
        foreach (PdfLetter letter in letters.OrderByDescending(letter => letter.Baseline))
        {
            if (row.Count > 0 && row[0].Baseline - letter.Baseline > SameBaseline * Math.Max(row[0].Size, letter.Size))
            {
                budget.Check();
                Split(row, segments);
                row.Clear();
            }

            row.Add(letter);
        }

        Split(row, segments);
        return segments;
    }

    private static void Split(List<PdfLetter> row, List<PdfSegment> segments)
    {
        List<PdfLetter> run = [];
        double right = 0;
        foreach (PdfLetter letter in row.OrderBy(letter => letter.Left))
        {
            if (letter.IsSpace)
            {
                run.Add(letter);
                continue;
            }

            if (run.Count > 0 && letter.Left - right > WideGap * letter.Size && run.Exists(l => !l.IsSpace))
            {
                Add(run, segments);
                run.Clear();
                right = letter.Right;
            }

            run.Add(letter);
            right = run.Count == 1 ? letter.Right : Math.Max(right, letter.Right);
        }

        Add(run, segments);
    }

    private static void Add(List<PdfLetter> run, List<PdfSegment> segments)
    {
        if (PdfSegment.Of(run) is { } segment && segment.Text.Length > 0)
            segments.Add(segment);
    }
}
