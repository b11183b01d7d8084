using System.Text;

namespace RedisInfer.Documents.Office;

/// <summary>Reads the rows of a sheet.</summary>
internal sealed class SheetRows(CellValues values, StructuredText output, int page)
{
    // Rows are written up to this column. Excel has 16,384.
    private const int MaxColumns = 1024;

    // Excel's own limit is 32,767.
    private const int MaxCellChars = 100_000;

    private readonly List<string> _row = [];
    private bool _hasHeader;

    /// <summary>Reads the sheet to its end.</summary>
    public void Read(XmlPart part)
    {
        while (part.Read())
        {
            if (part.IsStart("row"))
                _row.Clear();
            else if (part.IsStart("c") && !part.IsEmpty)
                ReadCell(part);
            else if (part.IsEnd("row"))
                Write();
        }
    }

    private void ReadCell(XmlPart part)
    {
        int column = ColumnOf(part.Attribute("r")) ?? _row.Count;
        string type = part.Attribute("t") ?? "n";
        string? style = part.Attribute("s");
        string value = "";
        var inline = new StringBuilder();
        while (part.Read() && !part.IsEnd("c"))
        {
            if (part.IsStart("v"))
                value = part.ReadText();
            else if (part.IsStart("t"))
                inline.Append(part.ReadText());
            else if (part.IsStart("rPh"))
                part.Skip();
        }

        string text = type == "inlineStr" ? inline.ToString() : values.TextOf(value, type, style);
        if (text.Length > MaxCellChars)
            throw new SkippedDocumentException($"It is damaged: a cell has more than {MaxCellChars:N0} characters.");
        if (text.Length == 0 || column >= MaxColumns)
            return;
        while (_row.Count < column)
            _row.Add("");
        if (_row.Count == column)
            _row.Add(text);
    }

    /// <summary>Column from 0 of a reference like <c>AB12</c>.</summary>
    private static int? ColumnOf(string? reference)
    {
        int column = 0;
        foreach (char c in reference ?? "")
        {
            if (c is < 'A' or > 'Z')
                break;
            column = Math.Min(column * 26 + (c - 'A' + 1), MaxColumns + 1);
        }

        return column == 0 ? null : column - 1;
    }

    private void Write()
    {
        int cells = _row.Count(cell => cell.Length > 0);
        if (cells == 0)
            return;
        // Titles and remarks above a table are in one cell.
        if (!_hasHeader && cells == 1)
        {
            output.Add(DocumentBlockKind.Paragraph, TableText.Row(_row.Where(cell => cell.Length > 0)), page: page);
            return;
        }

        output.Add(_hasHeader ? DocumentBlockKind.TableRow : DocumentBlockKind.TableHeader, TableText.Row(_row), page: page);
        _hasHeader = true;
    }
}
