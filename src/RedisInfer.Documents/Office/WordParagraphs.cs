using System.Text;

namespace RedisInfer.Documents.Office;

/// <summary>Reads the paragraphs and tables of a part of a DOCX.</summary>
internal sealed class WordParagraphs(WordStyles styles, StructuredText output)
{
    // Text boxes are in paragraphs, and hold paragraphs.
    private readonly Stack<Paragraph> _open = new();
    private readonly OfficeRows _rows = new(output);
    private int _page;
    private bool _hasPages;
    private bool _justBroke;

    /// <summary>Reads a part to its end.</summary>
    public void Read(XmlPart part)
    {
        int blocks = output.Blocks.Count;
        (_page, _hasPages, _justBroke) = (1, false, false);
        while (part.Read())
        {
            if (part.IsAnyStart)
                Start(part);
            else if (part.IsAnyEnd)
                End(part.Name);
        }

        // Word writes where its pages broke. Other programs write only the breaks of the author, which give no page numbers.
        if (!_hasPages)
            output.ForgetPages(blocks);
    }

    private void Start(XmlPart part)
    {
        switch (part.Name)
        {
            case "Fallback" or "moveFrom" or "rt" or "pPrChange" or "rPrChange" or "separator":
                part.Skip();
                break;
            case "p" when !part.IsEmpty:
                _open.Push(new Paragraph());
                break;
            case "t":
                Append(part.ReadText());
                break;
            case "tab" or "ptab" when _open.Count > 0 && _open.Peek().HasText:
                Append("\t");
                break;
            case "br" or "cr" when part.Attribute("type") != "page":
                Append("\n");
                break;
            case "br":
                Break(rendered: false);
                break;
            case "lastRenderedPageBreak":
                Break(rendered: true);
                break;
            case "noBreakHyphen":
                Append("-");
                break;
            case "sdtPr":
                break;
            case "docPartGallery" when part.Attribute("val") == "Table of Contents":
                SkipContents(part);
                break;
            case "tbl" or "tr" or "tc" or "tblHeader" or "gridSpan" or "vMerge":
                StartOfTable(part);
                break;
            default:
                Format(part);
                break;
        }
    }

    private void Format(XmlPart part)
    {
        if (!_open.TryPeek(out Paragraph? paragraph))
            return;
        switch (part.Name)
        {
            case "pStyle":
                paragraph.Style = part.Attribute("val");
                break;
            case "outlineLvl":
                paragraph.Level = WordStyles.LevelOf(part.Attribute("val"));
                break;
            case "numId":
                paragraph.IsList = part.Attribute("val") != "0";
                break;
            case "ilvl":
                paragraph.ListLevel = WordStyles.LevelOf(part.Attribute("val"));
                break;
        }
    }

    private void StartOfTable(XmlPart part)
    {
        switch (part.Name)
        {
            case "tbl" when !part.IsEmpty:
                _rows.StartTable();
                break;
            case "tc":
                _rows.StartCell();
                break;
            case "tblHeader" when part.Attribute("val") is null or "1" or "true" or "on":
                _rows.MarkHeader();
                break;
            case "gridSpan":
                _rows.Span(part.Attribute("val"));
                break;
            case "vMerge" when part.Attribute("val") != "restart":
                _rows.Continue();
                break;
        }
    }

    private void End(string name)
    {
        if (name == "p" && _open.TryPop(out Paragraph? paragraph))
            Write(paragraph);
        else if (name == "tc")
            _rows.EndCell();
        else if (name == "tr")
            _rows.EndRow();
        else if (name == "tbl")
            _rows.EndTable();
    }

    // The gallery's name is in the properties of the control that holds the table of contents. Its paragraphs follow.
    private static void SkipContents(XmlPart part)
    {
        while (part.Read() && !part.IsEnd("sdtPr"))
        {
        }

        while (part.Read() && !part.IsEnd("sdtContent"))
        {
            if (part.IsAnyStart && !part.IsStart("sdtContent"))
                part.Skip();
        }
    }

    private void Append(string text)
    {
        if (!_open.TryPeek(out Paragraph? paragraph))
            return;
        if (!paragraph.HasText)
            paragraph.Page = _page;
        paragraph.Text.Append(text);
        _justBroke = false;
    }

    // Word notes a rendered break after each break of the author, too.
    private void Break(bool rendered)
    {
        if (!rendered || !_justBroke)
            _page++;
        _justBroke = !rendered;
        _hasPages |= rendered;
    }

    private void Write(Paragraph paragraph)
    {
        string text = paragraph.Text.ToString();
        if (string.IsNullOrWhiteSpace(text) || styles.IsContents(paragraph.Style))
            return;
        int page = paragraph.Page;
        if (_rows.IsInTable)
        {
            _rows.Page = page;
            _rows.Add(text);
            return;
        }

        int level = paragraph.Level ?? styles.HeadingLevel(paragraph.Style);
        if (styles.IsTitle(paragraph.Style))
            output.Title ??= OneLine.Of(text);
        if (level > 0)
            output.Add(DocumentBlockKind.Heading, text, level, page);
        else if (styles.IsCode(paragraph.Style))
            output.AddCodeLine(text, page);
        else if (paragraph.IsList ?? styles.IsList(paragraph.Style))
            output.Add(DocumentBlockKind.ListItem, "- " + text.TrimStart(), paragraph.ListLevel, page);
        else
            output.Add(DocumentBlockKind.Paragraph, text, page: page);
    }

    private sealed class Paragraph
    {
        public StringBuilder Text { get; } = new();

        public bool HasText => Text.Length > 0;

        public int Page { get; set; }

        public string? Style { get; set; }

        public int? Level { get; set; }

        public bool? IsList { get; set; }

        public int ListLevel { get; set; } = 1;
    }
}
