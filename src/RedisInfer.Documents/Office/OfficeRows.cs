using System.Text;

namespace RedisInfer.Documents.Office;

/// <summary>
/// Collects the cells of a table and writes its rows. A table within a cell becomes text of that cell. A table of one column is a frame
/// around paragraphs.
/// </summary>
internal sealed class OfficeRows(StructuredText output)
{
    private const int MaxSpan = 256;

    private readonly StringBuilder _cell = new();
    private readonly List<string> _cells = [];
    private List<string> _above = [];
    private List<string>? _first;
    private bool _isHeader;
    private int _depth;
    private int _span = 1;
    private bool _continues;

    /// <summary>Whether text belongs to a cell.</summary>
    public bool IsInTable => _depth > 0;

    /// <summary>Page of the rows.</summary>
    public int? Page { get; set; }

    /// <summary>A table begins.</summary>
    public void StartTable()
    {
        if (_depth++ == 0)
            (_first, _above, _isHeader) = (null, [], false);
    }

    /// <summary>A table ends.</summary>
    public void EndTable()
    {
        if (_depth == 0 || --_depth > 0)
            return;
        if (_first is not null)
            Write(_first, DocumentBlockKind.TableRow);
        _first = null;
    }

    /// <summary>Marks the current row as a header.</summary>
    public void MarkHeader() => _isHeader |= _depth == 1;

    /// <summary>A cell begins.</summary>
    public void StartCell()
    {
        if (_depth == 1)
            (_span, _continues) = (1, false);
    }

    /// <summary>The cell covers so many columns.</summary>
    public void Span(string? columns)
    {
        if (_depth == 1 && int.TryParse(columns, out int span))
            _span = Math.Clamp(span, 1, MaxSpan);
    }

    /// <summary>The cell continues the one above it.</summary>
    public void Continue() => _continues |= _depth == 1;

    /// <summary>Adds text to the cell.</summary>
    public void Add(string text) => _cell.Append(text).Append(' ');

    /// <summary>A cell ends.</summary>
    public void EndCell()
    {
        if (_depth != 1)
            return;
        string text = OneLine.Of(_cell.ToString());
        _cell.Clear();
        _cells.Add(_continues && text.Length == 0 && _cells.Count < _above.Count ? _above[_cells.Count] : text);
        for (int i = 1; i < _span; i++)
            _cells.Add("");
    }

    /// <summary>A row ends.</summary>
    public void EndRow()
    {
        if (_depth != 1)
            return;
        List<string> row = [.. _cells];
        _cells.Clear();
        int filled = row.Count(cell => cell.Length > 0);
        if (filled == 0)
            return;
        // A title above the header is one cell across the table.
        if (filled == 1 && row.Count > 1 && _above.Count == 0 && row[0].Length > 0 && !_isHeader)
            output.Add(DocumentBlockKind.Paragraph, row[0], page: Page);
        else if (_isHeader)
            Write(row, DocumentBlockKind.TableHeader);
        else if (_first is null && _above.Count == 0)
            _first = row;
        else
            Write(row);
        _above = filled == 1 && _above.Count == 0 && _first is null ? [] : row;
        _isHeader = false;
    }

    /// <summary>Writes a row after the first, and the first before it, as the header.</summary>
    private void Write(List<string> row)
    {
        if (_first is not null)
            Write(_first, DocumentBlockKind.TableHeader);
        _first = null;
        Write(row, DocumentBlockKind.TableRow);
    }

    private void Write(List<string> row, DocumentBlockKind kind) =>
        output.Add(row.Count < 2 ? DocumentBlockKind.Paragraph : kind, TableText.Row(row), page: Page);
}
