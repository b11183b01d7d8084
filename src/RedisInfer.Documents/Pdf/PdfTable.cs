using System.Text.RegularExpressions;

namespace RedisInfer.Documents.Pdf;

/// <summary>Rows of cells.</summary>
internal static partial class PdfTable
{
    private const int MaxColumns = 64;

    // Short lines above each other leave a stripe free, too. In a table, many lines have text on both sides of it.
    private const double LeastShareOfRows = 0.4;

    /// <summary>Reads a run of lines as a table.</summary>
    /// <param name="run">The segments, from top to bottom.</param>
    /// <param name="page">The page.</param>
    /// <param name="column">The edges of the region.</param>
    /// <returns>The rows; <see langword="null"/> if it is no table but lines with wide gaps or a list with its marks.</returns>
    public static List<PdfLine>? TryRead(List<PdfSegment> run, int page, (double Left, double Right) column)
    {
        if (run.TrueForAll(segment => segment.IsMonospaced))
            return null;
        List<PdfStripe> columns = Columns(run);
        if (columns.Count is < 2 or > MaxColumns || run.TrueForAll(segment => segment.Left >= columns[1].Left || IsMark(segment.Text)))
            return null;

        List<List<PdfSegment>> lines = Lines(run);
        // Two lines of text may have a wide gap at the same place by chance.
        if (lines.Count < 3 && columns[1].Left - columns[0].Right < 1.5 * run[0].Size)
            return null;
        int first = lines.FindIndex(line => IsRow(line, columns));
        int last = lines.FindLastIndex(line => IsRow(line, columns));
        if (lines.Count(line => IsRow(line, columns)) < Math.Max(2, LeastShareOfRows * lines.Count))
            return null;
        while (last + 1 < lines.Count && lines[last + 1][0].Left >= columns[1].Left - 0.01)
            last++;
        List<List<PdfSegment>> rows = Rows(lines[first..(last + 1)], columns);
        return
        [
            .. lines[..first].Select(line => PdfLine.Of(line, page, column)),
            .. rows.Select((row, i) => ToLine(row, columns, page, column, i == 0 ? PdfLineKind.TableHeader : PdfLineKind.TableRow)),
            .. lines[(last + 1)..].Select(line => PdfLine.Of(line, page, column)),
        ];
    }

    /// <summary>Segments to lines, from top to bottom; each line from left to right.</summary>
    public static List<List<PdfSegment>> Lines(List<PdfSegment> segments)
    {
        List<List<PdfSegment>> lines = [];
        foreach (PdfSegment segment in segments)
        {
            if (lines.Count > 0 && IsOnLine(lines[^1], segment))
                lines[^1].Add(segment);
            else
                lines.Add([segment]);
        }

        foreach (List<PdfSegment> line in lines)
            line.Sort((a, b) => a.Left.CompareTo(b.Left));
        return lines;
    }

    private static bool IsOnLine(List<PdfSegment> line, PdfSegment segment)
    {
        // Compared with the newest and the first segment only, so that a hostile line is not compared in pairs.
        PdfSegment newest = line[^1];
        double size = Math.Max(newest.Size, segment.Size);
        if (Math.Abs(newest.Baseline - segment.Baseline) >= 0.5 * size || line[0].Baseline - segment.Baseline >= size)
            return false;
        return Math.Abs(newest.Baseline - segment.Baseline) < 0.15 * size || segment.Left >= newest.Right || segment.Right <= newest.Left;
    }

    /// <summary>The ranges that hold text, separated by stripes that are free in all lines.</summary>
    private static List<PdfStripe> Columns(List<PdfSegment> run)
    {
        List<PdfStripe> columns = [];
        double narrowest = 0.5 * run[0].Size;
        foreach (PdfSegment segment in run.OrderBy(segment => segment.Left))
        {
            if (columns.Count > 0 && segment.Left - columns[^1].Right < narrowest)
                columns[^1] = columns[^1] with { Right = Math.Max(columns[^1].Right, segment.Right) };
            else
                columns.Add(new PdfStripe(segment.Left, segment.Right));
        }

        return columns;
    }

    /// <summary>Lines to rows: a line without text in the first column continues the row above it.</summary>
    private static List<List<PdfSegment>> Rows(List<List<PdfSegment>> lines, List<PdfStripe> columns)
    {
        List<List<PdfSegment>> rows = [];
        foreach (List<PdfSegment> line in lines)
        {
            bool continues = rows.Count > 0 && line[0].Left >= columns[1].Left - 0.01;
            if (continues)
                rows[^1].AddRange(line);
            else
                rows.Add(line);
        }

        return rows;
    }

    private static PdfLine ToLine(
        List<PdfSegment> row, List<PdfStripe> columns, int page, (double Left, double Right) column, PdfLineKind kind)
    {
        IEnumerable<string> cells = columns.Select(range =>
            string.Join(' ', row.Where(segment => segment.Left >= range.Left - 0.01 && segment.Right <= range.Right + 0.01).Select(s => s.Text)));
        return PdfLine.Of(row, page, column) with { Kind = kind, Text = TableText.Row(cells) };
    }

    private static bool IsRow(List<PdfSegment> line, List<PdfStripe> columns) =>
        columns.Count(range => line.Exists(segment => segment.Left >= range.Left - 0.01 && segment.Right <= range.Right + 0.01)) > 1;

    private static bool IsMark(string text) => ListMark().IsMatch(text);

    [GeneratedRegex(@"^([•◦▪‣–—*·○●■□-]|\(?(\d{1,3}|[a-zA-Z]|[ivxIVX]{1,5})[.)])$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListMark();
}
