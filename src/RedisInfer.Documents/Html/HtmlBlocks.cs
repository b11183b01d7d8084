using System.Text;
using AngleSharp.Dom;

namespace RedisInfer.Documents.Html;

/// <summary>Writes the text of a page as blocks.</summary>
internal sealed class HtmlBlocks(HtmlMainText main, StructuredText output, ReadingBudget budget, int? page)
{
    private static readonly HashSet<string> Inline = new(StringComparer.Ordinal)
    {
        "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "img", "ins", "kbd", "label",
        "mark", "math", "q", "rp", "rt", "ruby", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u", "var", "wbr",
        "nobr", "br",
    };

    private readonly StringBuilder _inline = new();
    private int _breaks;
    private int _listLevel;
    private string _mark = "";
    private DocumentBlockKind _kind = DocumentBlockKind.Paragraph;

    /// <summary>Writes all blocks.</summary>
    public void Write()
    {
        Children(main.Root);
        Flush();
    }

    private void Children(INode parent)
    {
        for (INode? child = parent.FirstChild; child is not null; child = child.NextSibling)
        {
            if (child is IText text)
                Append(text.Data);
            else if (child is IElement element && !main.IsLeftOut(element))
                Element(element);
        }
    }

    private void Append(string text)
    {
        if (_breaks > 1)
            Flush();
        if (!string.IsNullOrWhiteSpace(text))
            _breaks = 0;
        _inline.Append(text);
    }

    private void Element(IElement element)
    {
        budget.Check();
        string name = element.LocalName;
        if (name == "br")
        {
            // Two line breaks end a paragraph.
            _breaks++;
            _inline.Append(' ');
        }
        else if (Inline.Contains(name))
        {
            Children(element);
        }
        else
        {
            Flush();
            Block(element, name);
            Flush();
        }
    }

    private void Block(IElement element, string name)
    {
        switch (name)
        {
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                Heading(element, name[1] - '0');
                break;
            case "pre" or "listing" or "xmp":
                output.Add(DocumentBlockKind.Code, HtmlText.Preformatted(element, main), page: page);
                break;
            case "table" when HtmlTable.IsData(element):
                new HtmlTable(main, output, budget, page).Write(element);
                break;
            case "ul" or "ol" or "menu" or "dir":
                List(element, name == "ol");
                break;
            case "dl":
                Definitions(element);
                break;
            default:
                Children(element);
                break;
        }
    }

    private void Heading(IElement element, int level)
    {
        string text = HtmlText.Of(element, main).TrimEnd('¶', '#', ' ');
        if (text.Length == 0)
            return;
        main.MeetHeading();
        output.Add(DocumentBlockKind.Heading, text, level, page);
    }

    private void List(IElement list, bool isNumbered)
    {
        int number = int.TryParse(list.GetAttribute("start"), out int start) && start is > 0 and < 1_000_000 ? start : 1;
        for (INode? child = list.FirstChild; child is not null; child = child.NextSibling)
        {
            if (child is IElement { LocalName: "li" } item)
            {
                if (!main.IsLeftOut(item))
                    Item(item, isNumbered ? FormattableString.Invariant($"{number++}. ") : "- ");
            }
            else if (child is IElement element && !main.IsLeftOut(element))
            {
                Element(element);
            }
            else if (child is IText text)
            {
                Append(text.Data);
            }
        }
    }

    private void Definitions(IElement list)
    {
        string term = "";
        foreach (IElement child in list.Children.SelectMany(child => child.LocalName == "div" ? child.Children.AsEnumerable() : [child]))
        {
            if (main.IsLeftOut(child))
                continue;
            if (child.LocalName == "dt")
            {
                string text = HtmlText.Of(child, main).TrimEnd('¶', ' ');
                term = term.Length == 0 ? text : term + ", " + text;
            }
            else
            {
                Item(child, term.Length == 0 ? "- " : $"- {term.TrimEnd(':')}: ");
                term = "";
            }
        }

        if (term.Length > 0)
            output.Add(DocumentBlockKind.ListItem, "- " + term, _listLevel + 1, page);
    }

    private void Item(IElement item, string mark)
    {
        Flush();
        (DocumentBlockKind kind, string outerMark) = (_kind, _mark);
        (_kind, _mark) = (DocumentBlockKind.ListItem, mark);
        _listLevel++;
        Children(item);
        Flush();
        _listLevel--;
        (_kind, _mark) = (kind, outerMark);
    }

    private void Flush()
    {
        _breaks = 0;
        string text = OneLine.Of(_inline.ToString());
        _inline.Clear();
        if (text.Length == 0)
            return;
        output.Add(_kind, _mark + text, _listLevel, page);
        _mark = "";
    }
}
