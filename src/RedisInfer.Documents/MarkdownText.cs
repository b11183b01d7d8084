using System.Text.RegularExpressions;

namespace RedisInfer.Documents;

/// <summary>Writes Markdown that is part of another document as blocks.</summary>
internal static partial class MarkdownText
{
    private static readonly string[] Fences = ["```", "~~~"];

    /// <summary>Writes headings, fenced code, tables, lists and paragraphs.</summary>
    public static void Write(string markdown, StructuredText output)
    {
        string[] lines = markdown.ReplaceLineEndings("\n").Split('\n');
        for (int i = 0; i < lines.Length;)
        {
            string line = lines[i].Trim();
            Match heading = Heading().Match(line);
            if (Array.Find(Fences, line.StartsWith) is { } fence)
            {
                int end = Next(lines, i + 1, next => next.StartsWith(fence, StringComparison.Ordinal));
                output.Add(DocumentBlockKind.Code, string.Join('\n', lines[(i + 1)..end]));
                i = end + 1;
            }
            else if (heading.Success)
            {
                output.Add(DocumentBlockKind.Heading, heading.Groups["text"].Value, heading.Groups["marks"].Length);
                i++;
            }
            else if (line.Contains('|') && i + 1 < lines.Length && TableRule().IsMatch(lines[i + 1].TrimEnd()))
            {
                int end = Next(lines, i + 2, next => !next.Contains('|'));
                output.Add(DocumentBlockKind.TableHeader, Row(line));
                foreach (string row in lines[(i + 2)..end])
                    output.Add(DocumentBlockKind.TableRow, Row(row));
                i = end;
            }
            else
            {
                int end = Next(lines, i + 1, next => next.Length == 0 || Breaks(next));
                output.Add(ListItem().IsMatch(line) ? DocumentBlockKind.ListItem : DocumentBlockKind.Paragraph, string.Join('\n', lines[i..end]));
                i = end;
            }
        }
    }

    private static bool Breaks(string line) =>
        Heading().IsMatch(line) || ListItem().IsMatch(line) || Array.Exists(Fences, line.StartsWith) || line.StartsWith('|');

    private static int Next(string[] lines, int from, Predicate<string> found)
    {
        int next = Math.Min(from, lines.Length);
        while (next < lines.Length && !found(lines[next].Trim()))
            next++;
        return next;
    }

    private static string Row(string line) => TableText.Row(line.Trim().Trim('|').Split('|'));

    [GeneratedRegex(@"^(?<marks>#{1,6})\s+(?<text>.*?)\s*#*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Heading();

    [GeneratedRegex(@"^([-*+]|\d{1,9}[.)])\s+\S", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListItem();

    [GeneratedRegex(@"^[ \t]*\|?[ \t]*:?-+:?[ \t]*(\|[ \t]*:?-+:?[ \t]*)*\|?$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex TableRule();
}
