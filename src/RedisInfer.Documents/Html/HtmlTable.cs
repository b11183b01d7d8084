using AngleSharp.Dom;

namespace RedisInfer.Documents.Html;

/// <summary>A table of data to rows. Cells that span columns or rows keep the columns aligned.</summary>
internal sealed class HtmlTable(HtmlMainText main, StructuredText output, ReadingBudget budget, int? page)
{
    private const int MaxColumns = 256;

    // Cells of a layout table hold whole texts.
    private const int LongestAverageCell = 400;

    private readonly Dictionary<int, (string Text, int Rows)> _spanning = [];

    /// <summary>Whether it is a table of data, and not the layout of a page.</summary>
    public static bool IsData(IElement table)
    {
        if (table.QuerySelector("table, h1, h2, h3, h4") is not null || table.GetAttribute("role") is "presentation" or "none")
            return false;
        if (table.QuerySelector("th, thead, caption") is not null)
            return true;
        int rows = 0, cells = 0, widest = 0;
        foreach (IElement row in Rows(table))
        {
            int count = row.Children.Count(IsCell);
            (rows, cells, widest) = (rows + 1, cells + count, Math.Max(widest, count));
        }

        return rows > 1 && widest > 1 && table.TextContent.Length <= (long)LongestAverageCell * cells;
    }

    /// <summary>Writes the caption and the rows.</summary>
    public void Write(IElement table)
    {
        if (table.Children.FirstOrDefault(child => child.LocalName == "caption") is { } caption)
            output.Add(DocumentBlockKind.Paragraph, HtmlText.Of(caption, main), page: page);

        List<string>? header = null;
        bool inBody = false;
        foreach (IElement row in Rows(table))
        {
            budget.Check();
            if (main.IsLeftOut(row))
                continue;
            List<string> cells = Cells(row);
            if (!inBody && IsHeader(row))
            {
                header = header is null ? cells : Join(header, cells);
                continue;
            }

            if (!inBody && header is not null)
                output.Add(DocumentBlockKind.TableHeader, TableText.Row(header), page: page);
            inBody = true;
            output.Add(DocumentBlockKind.TableRow, TableText.Row(cells), page: page);
        }

        if (!inBody && header is not null)
            output.Add(DocumentBlockKind.TableHeader, TableText.Row(header), page: page);
    }

    private static IEnumerable<IElement> Rows(IElement table) => table.Children.SelectMany(child =>
        child.LocalName == "tr" ? [child]
        : child.LocalName is "thead" or "tbody" or "tfoot" ? child.Children.Where(row => row.LocalName == "tr") : []);

    private static bool IsCell(IElement element) => element.LocalName is "td" or "th";

    private static bool IsHeader(IElement row) =>
        row.ParentElement?.LocalName == "thead" || (row.Children.Any(IsCell) && row.Children.Where(IsCell).All(cell => cell.LocalName == "th"));

    private static List<string> Join(List<string> upper, List<string> lower) =>
        [.. Enumerable.Range(0, Math.Max(upper.Count, lower.Count)).Select(i => OneLine.Of(
            $"{(i < upper.Count ? upper[i] : "")} {(i < lower.Count && (i >= upper.Count || lower[i] != upper[i]) ? lower[i] : "")}"))];

    private static int Span(IElement cell, string attribute, int most) =>
        int.TryParse(cell.GetAttribute(attribute), out int span) ? Math.Clamp(span, 1, most) : 1;

    private List<string> Cells(IElement row)
    {
        List<string> cells = [];
        foreach (IElement cell in row.Children.Where(IsCell))
        {
            Carry(cells);
            string text = HtmlText.Of(cell, main);
            int rows = Span(cell, "rowspan", 1000);
            for (int i = Span(cell, "colspan", MaxColumns); i > 0 && cells.Count < MaxColumns; i--)
            {
                if (rows > 1)
                    _spanning[cells.Count] = (text, rows - 1);
                cells.Add(text);
                text = "";
            }
        }

        Carry(cells);
        return cells;
    }

    /// <summary>Adds the cells that span down to this row at this place.</summary>
    private void Carry(List<string> cells)
    {
        while (_spanning.TryGetValue(cells.Count, out (string Text, int Rows) above))
        {
            if (above.Rows == 1)
                _spanning.Remove(cells.Count);
            else
                _spanning[cells.Count] = (above.Text, above.Rows - 1);
            cells.Add(above.Text);
        }
    }
}
