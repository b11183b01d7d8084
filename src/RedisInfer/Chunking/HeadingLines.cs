using System.Text.RegularExpressions;

namespace RedisInfer.Chunking;

/// <summary>Recognizes headings, tables and lists by their lines.</summary>
internal static partial class HeadingLines
{
    private const string Underlines = "=-~^";
    private const int MaxLevel = 6;

    /// <summary>
    /// Level of a heading such as <c>## Title</c>, or <c>== Title</c> in AsciiDoc; 0 if the line is none. CommonMark 0.31, section 4.2:
    /// one to six marks, then a space and a title. <c>#include</c> and <c>#!</c> are no headings.
    /// </summary>
    public static int LevelOf(ReadOnlySpan<char> line, char mark)
    {
        line = line.Trim();
        int marks = line.IndexOfAnyExcept(mark);
        return marks is >= 1 and <= MaxLevel && line[marks] is ' ' or '\t' ? marks : 0;
    }

    /// <summary>Level of the heading that a line like <c>=====</c> makes of the line above it; 0 if the line is none.</summary>
    public static int LevelOfUnderline(ReadOnlySpan<char> line)
    {
        line = line.Trim();
        bool isUnderline = line.Length > 1 && line.IndexOfAnyExcept(line[0]) < 0;
        return isUnderline ? Underlines.IndexOf(line[0], StringComparison.Ordinal) + 1 : 0;
    }

    /// <summary>The text of a heading's line, without marks.</summary>
    public static string NameOf(ReadOnlySpan<char> line)
    {
        string name = line.Trim().Trim("#=").Trim().ToString();
        return WhiteSpace().Replace(Link().Replace(name, "${text}"), " ").Replace("**", "", StringComparison.Ordinal).Replace("`", "", StringComparison.Ordinal);
    }

    /// <summary>Whether a line is the rule below the column names of a table, such as <c>|---|:-:|</c>.</summary>
    public static bool IsTableRule(ReadOnlySpan<char> line) =>
        line.Contains('-') && line.IndexOfAnyExcept("|-: \t") < 0 && line.ContainsAny('|', ':');

    /// <summary>Whether a line begins an item of a list: <c>- item</c>, <c>* item</c>, <c>+ item</c>, <c>1. item</c> or <c>1) item</c>.</summary>
    public static bool IsItem(ReadOnlySpan<char> line)
    {
        line = line.TrimStart();
        int mark = IsBullet(line) ? 1 : line.IndexOfAnyExceptInRange('0', '9') is > 0 and <= 9 and var digits
            && line[digits] is '.' or ')' ? digits + 1 : 0;
        return mark > 0 && mark < line.Length && line[mark] is ' ' or '\t' && !line[mark..].IsWhiteSpace();
    }

    /// <summary>Whether a line begins with the mark of an item without a number.</summary>
    public static bool IsBullet(ReadOnlySpan<char> line)
    {
        line = line.TrimStart();
        return line is ['-' or '*' or '+' or '•', ' ' or '\t', ..];
    }

    [GeneratedRegex(@"!?\[(?<text>[^\[\]]*)\]\([^()]*\)", RegexOptions.CultureInvariant)]
    private static partial Regex Link();

    [GeneratedRegex(@"\s+", RegexOptions.CultureInvariant)]
    private static partial Regex WhiteSpace();
}
