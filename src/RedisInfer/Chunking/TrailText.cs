namespace RedisInfer.Chunking;

/// <summary>Trails: where a chunk is in its document, as one line such as <c>Machines > Heron press</c>.</summary>
internal static class TrailText
{
    private const string Separator = " > ";

    // Headings such as "Settings > Privacy" are one part.
    private const string SeparatorInName = " › ";
    private const string Cut = "…";
    private const int MaxLevel = 6;

    /// <summary>Joins the names of the parts. What is over the limit is left out from the outermost name on.</summary>
    /// <param name="names">The names, from the outermost.</param>
    /// <param name="maxTokens">Most tokens of the trail as it is shown.</param>
    /// <param name="ruler">Counts tokens.</param>
    public static string Join(IReadOnlyList<string> names, int maxTokens, TokenRuler ruler)
    {
        for (int first = 0; first < names.Count; first++)
        {
            string trail = string.Join(Separator, names.Skip(first).Select(ToPart));
            if (ruler.Count(Headings(trail)) <= maxTokens)
                return trail;
        }

        return names.Count == 0 ? "" : CutOff(ToPart(names[^1]), maxTokens, ruler);
    }

    /// <summary>
    /// A chunk under its trail: what is embedded, searched and shown to the model. The parts of the trail are lines of headings, as in
    /// Markdown. Those that the text itself begins with are not repeated.
    /// </summary>
    /// <param name="trail">The trail; may be empty.</param>
    /// <param name="text">The text of the chunk.</param>
    public static string Before(string trail, string text)
    {
        if (trail.Length == 0)
            return text;
        string[] names = trail.Split(Separator);
        return Headings(names.AsSpan(0, names.Length - NamedAtTheStart(names, text))) + text;
    }

    /// <summary>The lines of a trail, as they are before a text.</summary>
    public static string Headings(string trail) => trail.Length == 0 ? "" : Headings(trail.Split(Separator));

    private static string ToPart(string name) => name.Replace(Separator, SeparatorInName, StringComparison.Ordinal);

    private static string Headings(ReadOnlySpan<string> names)
    {
        string lines = "";
        for (int i = 0; i < names.Length; i++)
            lines += $"{new string('#', Math.Min(i + 1, MaxLevel))} {names[i]}\n";
        return lines.Length == 0 ? "" : lines + "\n";
    }

    /// <summary>How many names at the end of a trail are the headings that a text begins with.</summary>
    private static int NamedAtTheStart(string[] names, string text)
    {
        var headings = new List<string>();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (headings.Count == names.Length)
                break;
            if (!line.IsWhiteSpace() && HeadingLines.LevelOfUnderline(line) == 0)
                headings.Add(ToPart(HeadingLines.NameOf(line)));
        }

        int count = headings.Count;
        while (count > 0 && !names.AsSpan()[^count..].SequenceEqual(headings.Take(count).ToArray()))
            count--;
        return count;
    }

    private static string CutOff(string name, int maxTokens, TokenRuler ruler)
    {
        for (int length = name.Length; length > 0; length = length * 3 / 4)
        {
            string cut = name[..(char.IsHighSurrogate(name[length - 1]) ? length - 1 : length)].TrimEnd() + Cut;
            if (cut.Length > Cut.Length && ruler.Count(Headings(cut)) <= maxTokens)
                return cut;
        }

        return "";
    }
}
