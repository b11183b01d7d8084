using System.Globalization;

namespace RedisInfer.Documents.Office;

/// <summary>What the paragraph styles of a DOCX mean.</summary>
internal sealed class WordStyles
{
    // A style may be based on itself.
    private const int MostParents = 16;

    private readonly Dictionary<string, Style> _styles = new(StringComparer.Ordinal);

    /// <summary>Reads the styles.</summary>
    public WordStyles(XmlPart? part)
    {
        Style? style = null;
        while (part?.Read() == true)
        {
            if (part.IsStart("style"))
                _styles[part.Attribute("styleId") ?? ""] = style = new Style();
            else if (part.IsEnd("style"))
                style = null;
            else if (style is not null && part.IsStart("name"))
                style.Name = part.Attribute("val") ?? "";
            else if (style is not null && part.IsStart("basedOn"))
                style.Parent = part.Attribute("val");
            else if (style is not null && part.IsStart("outlineLvl"))
                style.Level = LevelOf(part.Attribute("val"));
            else if (style is not null && part.IsStart("numId"))
                style.IsList = part.Attribute("val") != "0";
        }
    }

    /// <summary>Outline level of a heading from its number in the file; 0 for body text.</summary>
    public static int LevelOf(string? outline) =>
        int.TryParse(outline, NumberStyles.None, CultureInfo.InvariantCulture, out int level) && level < 9 ? level + 1 : 0;

    /// <summary>Level of headings in this style; 0 if they are none.</summary>
    public int HeadingLevel(string? id) => Find(id, style =>
        style.Level > 0 ? style.Level
        : style.Name.StartsWith("heading ", StringComparison.OrdinalIgnoreCase) ? LevelOf(Minus1(style.Name[8..]))
        : IsTitle(style) ? 1 : 0);

    /// <summary>Whether this is the style of the document's title.</summary>
    public bool IsTitle(string? id) => Find(id, style => IsTitle(style) ? 1 : 0) > 0;

    /// <summary>Whether paragraphs in this style are items of a list.</summary>
    public bool IsList(string? id) => Find(id, style => style.IsList ? 1 : 0) > 0;

    /// <summary>Whether this is a style for program text.</summary>
    public bool IsCode(string? id) => Find(id, style =>
        style.Name.Contains("code", StringComparison.OrdinalIgnoreCase) || style.Name.Contains("preformatted", StringComparison.OrdinalIgnoreCase)
        || style.Name.Contains("source", StringComparison.OrdinalIgnoreCase) ? 1 : 0) > 0;

    /// <summary>Whether this is a style of the table of contents.</summary>
    public bool IsContents(string? id) => Find(id, style => style.Name.StartsWith("toc ", StringComparison.OrdinalIgnoreCase) ? 1 : 0) > 0;

    private static bool IsTitle(Style style) => style.Name.Equals("title", StringComparison.OrdinalIgnoreCase);

    private static string Minus1(string number) =>
        int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int level)
            ? (level - 1).ToString(CultureInfo.InvariantCulture) : "";

    /// <summary>The first value that is not 0, of the style or of those it is based on.</summary>
    private int Find(string? id, Func<Style, int> value)
    {
        for (int i = 0; i < MostParents && id is not null && _styles.TryGetValue(id, out Style? style); i++)
        {
            if (value(style) is not 0 and var found)
                return found;
            id = style.Parent;
        }

        return 0;
    }

    private sealed class Style
    {
        public string Name { get; set; } = "";

        public string? Parent { get; set; }

        public int Level { get; set; }

        public bool IsList { get; set; }
    }
}
