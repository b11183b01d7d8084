using AngleSharp.Dom;

namespace RedisInfer.Documents.Html;

/// <summary>Decides which elements of a page are its text, and which are menus, banners, controls and scripts.</summary>
internal sealed class HtmlMainText
{
    // The text is in <main> only if most of the page's text is.
    private const double LeastShareOfMain = 0.3;

    // An element is no menu, whatever its class is called, if so much of the text is in it, or so much text that is no link.
    private const double MostShareOfMenu = 0.4;
    private const int LongestMenuText = 1500;
    private const int FewestLinksOfMenu = 3;
    private const double LeastShareOfLinks = 0.85;
    private const int LongestMenuEntry = 40;

    private static readonly HashSet<string> NoText = new(StringComparer.Ordinal)
    {
        "script", "style", "noscript", "template", "head", "svg", "iframe", "object", "embed", "canvas", "video", "audio", "map",
        "button", "input", "select", "textarea", "option", "datalist", "progress", "meter", "nav", "dialog",
    };

    // These belong to the page if they are outside of its main text, and to the text if they are in it.
    private static readonly HashSet<string> PageParts = new(StringComparer.Ordinal) { "aside", "footer", "header" };

    private static readonly HashSet<string> MenuRoles = new(StringComparer.OrdinalIgnoreCase)
    {
        "navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "dialog", "alertdialog", "tablist",
    };

    private static readonly HashSet<string> MenuNames = new(StringComparer.OrdinalIgnoreCase)
    {
        "nav", "navbar", "navigation", "navheader", "navfooter", "navlinks", "navi", "menu", "menubar", "mainmenu", "topmenu", "sidebar",
        "sidenav", "sidemenu", "sphinxsidebar", "breadcrumb", "breadcrumbs", "footer", "site-footer", "page-footer", "site-header",
        "page-header-nav", "cookie", "cookies", "cookie-banner", "cookie-notice", "cookie-consent", "advert", "advertisement", "ads", "ad",
        "social", "social-links", "share", "share-buttons", "sharing", "pagination", "pager", "prev-next", "toc", "toctree-wrapper",
        "tableofcontents", "table-of-contents", "related", "related-posts", "related-links", "headerlink", "skip-link", "skiplink",
        "skip-to-content", "topbar", "newsletter", "subscribe", "promo", "popup", "modal", "mw-editsection", "noprint",
    };

    private readonly Dictionary<INode, (int Text, int Links, int LinkCount)> _lengths = new(ReferenceEqualityComparer.Instance);
    private readonly int _textLength;
    private readonly bool _hasMain;
    private bool _metHeading;

    /// <summary>Measures a page.</summary>
    public HtmlMainText(IElement body, ReadingBudget budget)
    {
        Measure(body, budget, depth: 1);
        _textLength = Math.Max(1, _lengths[body].Text);
        IElement? main = body.QuerySelectorAll("main, [role=main]").Concat(Single(body.QuerySelectorAll("article")))
            .MaxBy(element => _lengths[element].Text);
        _hasMain = main is not null && _lengths[main].Text >= LeastShareOfMain * _textLength;
        Root = _hasMain ? main! : body;
    }

    /// <summary>The element that holds the text.</summary>
    public IElement Root { get; }

    /// <summary>Tells this object that a heading was read: what follows is no menu at the head of the page.</summary>
    public void MeetHeading() => _metHeading = true;

    /// <summary>Whether an element has no text to read.</summary>
    public bool IsLeftOut(IElement element)
    {
        string name = element.LocalName;
        if (NoText.Contains(name) || IsHidden(element))
            return true;
        if (element == Root || name is "body" or "main" or "article")
            return false;
        if (MenuRoles.Contains(element.GetAttribute("role") ?? "") || (PageParts.Contains(name) && !IsInText(element)))
            return !HoldsTheText(element);
        if (element.ClassList.Any(MenuNames.Contains) || MenuNames.Contains(element.Id ?? ""))
            return !HoldsTheText(element);
        return !_hasMain && !_metHeading && IsMenu(element);
    }

    private static IEnumerable<IElement> Single(IHtmlCollection<IElement> elements) => elements.Length == 1 ? elements : [];

    private static bool IsHidden(IElement element) =>
        element.HasAttribute("hidden") || element.GetAttribute("aria-hidden") == "true"
        || (element.GetAttribute("style") is { } style
            && style.Replace(" ", "", StringComparison.Ordinal).Contains("display:none", StringComparison.OrdinalIgnoreCase));

    private bool IsInText(IElement element) =>
        _hasMain || element.Ancestors<IElement>().Any(ancestor => ancestor.LocalName is "main" or "article" or "section" or "blockquote");

    private bool HoldsTheText(IElement element) =>
        _lengths[element].Text > MostShareOfMenu * _textLength || _lengths[element].Text - _lengths[element].Links > LongestMenuText;

    /// <summary>Whether it is a list of short links.</summary>
    private bool IsMenu(IElement element)
    {
        if (element.LocalName is not ("ul" or "ol" or "div" or "table" or "p" or "td" or "center"))
            return false;
        (int text, int links, int count) = _lengths[element];
        return count >= FewestLinksOfMenu && links >= LeastShareOfLinks * text && links <= (long)LongestMenuEntry * count
            && !HoldsTheText(element);
    }

    private (int Text, int Links, int LinkCount) Measure(INode node, ReadingBudget budget, int depth)
    {
        budget.CheckDepth(depth + 1);
        if (node is IText text)
            return (text.Data.AsSpan().Trim().Length, 0, 0);
        (int Text, int Links, int LinkCount) sum = default;
        if (node is IElement element)
        {
            budget.Check();
            if (!NoText.Contains(element.LocalName) || element.LocalName == "nav")
            {
                for (INode? child = node.FirstChild; child is not null; child = child.NextSibling)
                {
                    (int Text, int Links, int LinkCount) part = Measure(child, budget, depth + 1);
                    sum = (sum.Text + part.Text, sum.Links + part.Links, sum.LinkCount + part.LinkCount);
                }
            }

            if (element.LocalName == "a" && sum.Text > 0)
                sum = (sum.Text, sum.Text, 1);
            _lengths[element] = sum;
        }

        return sum;
    }
}
