using System.Globalization;
using System.Text;

namespace RedisInfer.Documents.Office;

/// <summary>Reads the content of an OpenDocument file.</summary>
internal sealed class OpenDocumentBlocks(StructuredText output)
{
    // A file may say of one cell or space that it is repeated a million times.
    private const int MostSpaces = 100;

    private readonly Stack<StringBuilder> _open = new();
    private readonly OfficeRows _rows = new(output);
    private int _headingLevel;
    private int _listLevel;
    private int? _page;
    private bool _isTitle;
    private bool _isSpreadsheet;
    private bool _inHeader;

    /// <summary>Reads it to its end.</summary>
    public void Read(XmlPart part)
    {
        while (part.Read())
        {
            if (part.IsAnyStart)
                Start(part);
            else if (part.IsAnyEnd)
                End(part.Name);
            else if (part.IsText && _open.TryPeek(out StringBuilder? text))
                text.Append(part.Text);
        }
    }

    private void Start(XmlPart part)
    {
        switch (part.Name)
        {
            case "tracked-changes" or "annotation" or "table-of-content" or "forms" or "sequence-decls" or "note-citation" or "styles"
                or "automatic-styles" or "font-face-decls" or "scripts" or "desc":
                part.Skip();
                break;
            case "h" or "p" when !part.IsEmpty:
                _open.Push(new StringBuilder());
                _headingLevel = part.Name == "h" ? Number(part, "outline-level", 1) : _isTitle ? 1 : 0;
                break;
            case "list" when !part.IsEmpty:
                _listLevel++;
                break;
            case "s":
                Append(new string(' ', Math.Min(Number(part, "c", 1), MostSpaces)));
                break;
            case "tab" or "line-break":
                Append(" ");
                break;
            case "soft-page-break":
                _page = (_page ?? 1) + 1;
                break;
            case "page":
                _page = (_page ?? 0) + 1;
                break;
            case "frame":
                _isTitle = part.Attribute("class") == "title";
                break;
            default:
                StartOfTable(part);
                break;
        }
    }

    private void StartOfTable(XmlPart part)
    {
        switch (part.Name)
        {
            case "table" when !part.IsEmpty:
                // A sheet has a name that people know. That of a table in a text is made by the program.
                if (!_rows.IsInTable && _isSpreadsheet)
                {
                    _page = (_page ?? 0) + 1;
                    output.Add(DocumentBlockKind.Heading, part.Attribute("name") ?? "", level: 1, page: _page);
                }

                _rows.StartTable();
                _rows.Page = _page;
                break;
            case "spreadsheet":
                _isSpreadsheet = true;
                break;
            case "table-header-rows":
                _inHeader = true;
                break;
            case "table-row" when _inHeader:
                _rows.MarkHeader();
                break;
            case "table-cell" or "covered-table-cell":
                StartCell(part);
                break;
        }
    }

    private void StartCell(XmlPart part)
    {
        _rows.StartCell();
        _rows.Span(part.Attribute("number-columns-repeated"));
        if (part.IsEmpty)
            _rows.EndCell();
    }

    private void End(string name)
    {
        switch (name)
        {
            case "h" or "p" when _open.TryPop(out StringBuilder? text):
                Write(OneLine.Of(text.ToString()));
                _headingLevel = 0;
                break;
            case "list":
                _listLevel = Math.Max(0, _listLevel - 1);
                break;
            case "table-cell" or "covered-table-cell":
                _rows.EndCell();
                break;
            case "table-row":
                _rows.EndRow();
                break;
            case "table-header-rows":
                _inHeader = false;
                break;
            case "table":
                _rows.EndTable();
                break;
        }
    }

    private void Append(string text)
    {
        if (_open.TryPeek(out StringBuilder? open))
            open.Append(text);
    }

    private void Write(string text)
    {
        if (text.Length == 0)
            return;
        if (_rows.IsInTable)
            _rows.Add(text);
        else if (_headingLevel > 0)
            output.Add(DocumentBlockKind.Heading, text, _headingLevel, _page);
        else if (_listLevel > 0)
            output.Add(DocumentBlockKind.ListItem, "- " + text, _listLevel, _page);
        else
            output.Add(DocumentBlockKind.Paragraph, text, page: _page);
    }

    private static int Number(XmlPart part, string name, int fallback) =>
        int.TryParse(part.Attribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number > 0 ? number : fallback;
}
