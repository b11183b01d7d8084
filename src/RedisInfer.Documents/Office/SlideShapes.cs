using System.Globalization;
using System.Text;

namespace RedisInfer.Documents.Office;

/// <summary>Reads the shapes of a slide or of its notes, except for the title.</summary>
internal sealed class SlideShapes(StructuredText output, int page, bool isNotes)
{
    private readonly OfficeRows _rows = new(output) { Page = page };
    private readonly StringBuilder _text = new();
    private string? _placeholder;
    private int _level;
    private bool _isItem;

    /// <summary>The text of the slide's title.</summary>
    public static string Title(XmlPart part)
    {
        var title = new StringBuilder();
        string? placeholder = null;
        while (part.Read())
        {
            if (part.IsStart("sp") || part.IsStart("graphicFrame"))
                placeholder = null;
            else if (part.IsStart("ph"))
                placeholder = part.Attribute("type");
            else if (part.IsStart("t") && IsTitle(placeholder))
                title.Append(part.ReadText());
            else if (part.IsStart("br") || part.IsEnd("p"))
                title.Append(' ');
        }

        return OneLine.Of(title.ToString());
    }

    /// <summary>Reads the shapes.</summary>
    public void Read(XmlPart part)
    {
        while (part.Read())
        {
            if (part.IsAnyStart)
                Start(part);
            else if (part.IsAnyEnd)
                End(part.Name);
        }
    }

    private static bool IsTitle(string? placeholder) => placeholder is "title" or "ctrTitle";

    // Numbers of slides, dates and footers recur on every slide. Of notes, only the text is the speaker's.
    private bool IsLeftOut => isNotes ? _placeholder != "body" : IsTitle(_placeholder) || _placeholder is "sldNum" or "dt" or "ftr" or "hdr";

    private void Start(XmlPart part)
    {
        switch (part.Name)
        {
            case "Fallback":
                part.Skip();
                break;
            case "sp" or "graphicFrame":
                (_placeholder, _isItem) = (null, false);
                break;
            case "ph":
                _placeholder = part.Attribute("type") ?? "body";
                break;
            case "pPr":
                _level = int.TryParse(part.Attribute("lvl"), NumberStyles.None, CultureInfo.InvariantCulture, out int level)
                    ? Math.Min(level, 9) : 0;
                break;
            case "buChar" or "buAutoNum":
                _isItem = true;
                break;
            case "buNone":
                _isItem = false;
                break;
            case "p":
                (_level, _isItem) = (0, _placeholder is "body" or "obj" && !isNotes);
                _text.Clear();
                break;
            case "t":
                _text.Append(part.ReadText());
                break;
            case "br" or "tab":
                _text.Append(' ');
                break;
            case "tbl" when !part.IsEmpty:
                _rows.StartTable();
                break;
            case "tc":
                _rows.StartCell();
                _rows.Span(part.Attribute("gridSpan"));
                break;
        }
    }

    private void End(string name)
    {
        switch (name)
        {
            case "p":
                Write(OneLine.Of(_text.ToString()));
                _text.Clear();
                break;
            case "tc":
                _rows.EndCell();
                break;
            case "tr":
                _rows.EndRow();
                break;
            case "tbl":
                _rows.EndTable();
                break;
        }
    }

    private void Write(string text)
    {
        if (text.Length == 0)
            return;
        if (_rows.IsInTable)
            _rows.Add(text);
        else if (IsLeftOut)
            return;
        else if (_isItem)
            output.Add(DocumentBlockKind.ListItem, "- " + text, _level + 1, page);
        else
            output.Add(DocumentBlockKind.Paragraph, text, page: page);
    }
}
