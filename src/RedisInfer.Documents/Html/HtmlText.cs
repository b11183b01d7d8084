using System.Text;
using AngleSharp.Dom;

namespace RedisInfer.Documents.Html;

/// <summary>The text of an element without its structure.</summary>
internal static class HtmlText
{
    private static readonly HashSet<string> Apart = new(StringComparer.Ordinal)
    {
        "p", "div", "br", "li", "td", "th", "tr", "table", "ul", "ol", "dl", "dt", "dd", "pre", "h1", "h2", "h3", "h4", "h5", "h6", "section",
    };

    /// <summary>On one line, with spaces between blocks.</summary>
    public static string Of(IElement element, HtmlMainText main)
    {
        var text = new StringBuilder();
        Append(element, main, text, apart: true);
        return OneLine.Of(text.ToString());
    }

    /// <summary>With its line breaks and indentation.</summary>
    public static string Preformatted(IElement element, HtmlMainText main)
    {
        var text = new StringBuilder();
        Append(element, main, text, apart: false);
        return text.ToString().ReplaceLineEndings("\n").Trim('\n').TrimEnd();
    }

    private static void Append(INode parent, HtmlMainText main, StringBuilder text, bool apart)
    {
        for (INode? child = parent.FirstChild; child is not null; child = child.NextSibling)
        {
            if (child is IText data)
            {
                text.Append(data.Data);
            }
            else if (child is IElement element && !main.IsLeftOut(element))
            {
                if (!apart && element.LocalName == "br")
                    text.Append('\n');
                bool block = apart && Apart.Contains(element.LocalName);
                if (block)
                    text.Append(' ');
                Append(element, main, text, apart);
                if (block)
                    text.Append(' ');
            }
        }
    }
}
