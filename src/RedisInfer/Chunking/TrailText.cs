namespace RedisInfer.Chunking;

/// <summary>Trails: where a chunk is in its document, as one line such as <c>Machines > Heron press</c>.</summary>
internal static class TrailText
{
    private const string Separator = " > ";
    private const string Cut = "…";

    /// <summary>Joins the names of the parts. What is over the limit is left out from the outermost name on.</summary>
    /// <param name="names">The names, from the outermost.</param>
    /// <param name="maxTokens">Most tokens.</param>
    /// <param name="ruler">Counts tokens.</param>
    public static string Join(IReadOnlyList<string> names, int maxTokens, TokenRuler ruler)
    {
        for (int first = 0; first < names.Count; first++)
        {
            string trail = string.Join(Separator, names.Skip(first));
            if (ruler.Count(Line(trail)) <= maxTokens)
                return trail;
        }

        return names.Count == 0 ? "" : CutOff(names[^1], maxTokens, ruler);
    }

    /// <summary>A chunk with the part of its trail that its text does not begin with: what is embedded, searched and shown to the model.</summary>
    /// <param name="trail">The trail; may be empty.</param>
    /// <param name="text">The text of the chunk.</param>
    public static string Before(string trail, string text)
    {
        if (trail.Length == 0)
            return text;
        string[] names = trail.Split(Separator);
        int shown = names.Length - NamedAtTheStart(names, text);
        return shown == 0 ? text : Line(string.Join(Separator, names.Take(shown))) + text;
    }

    /// <summary>The line of a trail, as it stands before a text.</summary>
    public static string Line(string trail) => trail.Length == 0 ? "" : trail + "\n";

    /// <summary>How many names at the end of a trail are the headings that a text begins with.</summary>
    private static int NamedAtTheStart(string[] names, string text)
    {
        var headings = new List<string>();
        foreach (ReadOnlySpan<char> line in text.AsSpan().EnumerateLines())
        {
            if (headings.Count == names.Length)
                break;
            if (!line.IsWhiteSpace() && Headings.LevelOfUnderline(line) == 0)
                headings.Add(Headings.NameOf(line));
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
            if (cut.Length > Cut.Length && ruler.Count(Line(cut)) <= maxTokens)
                return cut;
        }

        return "";
    }
}
