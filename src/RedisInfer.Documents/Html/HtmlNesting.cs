using AngleSharp.Html.Parser;
using AngleSharp.Html.Parser.Tokens;

namespace RedisInfer.Documents.Html;

/// <summary>
/// Ends the parsing of a page that opens too many elements in each other. AngleSharp has a limit of its own, and flattens what is deeper; until
/// then, its time grows with the square of the depth.
/// </summary>
internal sealed class HtmlNesting(ReadingBudget budget)
{
    // Their end tags are often left out, or they have none. The tree of the parsed page shows how deep they really are.
    private static readonly HashSet<string> MayStayOpen = new(StringComparer.OrdinalIgnoreCase)
    {
        "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track", "wbr", "html", "head", "body",
        "p", "li", "dt", "dd", "option", "optgroup", "tr", "td", "th", "thead", "tbody", "tfoot", "colgroup", "caption", "rt", "rp",
        "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u", "script", "style", "frame", "keygen",
    };

    private int _depth;

    /// <summary>Counts a token.</summary>
    public void Meet(HtmlToken token)
    {
        if (token is not HtmlTagToken tag || MayStayOpen.Contains(tag.Name))
            return;
        if (tag.Type == HtmlTokenType.EndTag)
            _depth = Math.Max(0, _depth - 1);
        else if (!tag.IsSelfClosing)
            budget.CheckDepth(++_depth);
    }
}
