namespace RedisInfer.Chunking;

/// <summary>Joins blocks to sections, by their headings.</summary>
internal static class SectionReader
{
    /// <summary>
    /// Begins a section at each heading. Only headings that directly follow a heading above them, such as a title and the first chapter, are
    /// in one section with it.
    /// </summary>
    /// <param name="title">Title of the document; <see langword="null"/> if it has none.</param>
    /// <param name="blocks">All blocks, in order.</param>
    public static IEnumerable<TextSection> Read(string? title, IEnumerable<TextBlock> blocks)
    {
        string[] root = string.IsNullOrWhiteSpace(title) ? [] : [HeadingLines.NameOf(title)];
        var open = new List<TextBlock>();
        var section = new TextSection(root);
        foreach (TextBlock block in blocks)
        {
            if (block.Kind == TextBlockKind.Heading)
            {
                bool joins = section.Blocks.Count > 0
                    && section.Blocks.TrueForAll(other => other.Kind == TextBlockKind.Heading)
                    && section.Blocks[^1].Level < block.Level;
                open.RemoveAll(heading => heading.Level >= block.Level);
                open.Add(block);
                IEnumerable<string> names = open.Select(heading => heading.Name!).Where(name => name.Length > 0);
                List<TextBlock> begun = joins ? section.Blocks : [];
                if (!joins && section.Blocks.Count > 0)
                    yield return section;
                section = new TextSection([.. root.Where(name => !IsSame(name, open[0].Name!)), .. names]) { Blocks = begun };
            }

            section.Blocks.Add(block);
        }

        if (section.Blocks.Count > 0)
            yield return section;
    }

    private static bool IsSame(string title, string heading) => title.Equals(heading, StringComparison.OrdinalIgnoreCase);
}
