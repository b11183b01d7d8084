namespace RedisInfer.Documents.Office;

/// <summary>PPTX: titles, texts and tables of the slides in their order, and the speaker's notes.</summary>
internal sealed class SlidesFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = [OfficeFiles.SlidesType, OfficeFiles.SlidesMacroType];

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget)
    {
        using var zip = new ZipPackage(document, budget);
        string main = OfficeFiles.MainPart(zip, "ppt/presentation.xml");
        output.Title ??= OfficeFiles.Title(zip);
        Dictionary<string, (string Type, string Path)> parts = zip.Relationships(main);
        int number = 0;
        foreach (string id in SlideIds(zip, main))
        {
            number++;
            if (parts.TryGetValue(id, out (string Type, string Path) slide))
                ReadSlide(zip, slide.Path, output, number);
        }
    }

    private static List<string> SlideIds(ZipPackage zip, string main)
    {
        List<string> ids = [];
        using XmlPart part = zip.OpenXml(main);
        while (part.Read())
        {
            if (part.IsStart("sldId") && part.QualifiedAttribute("id") is { } id)
                ids.Add(id);
        }

        return ids;
    }

    private static void ReadSlide(ZipPackage zip, string path, StructuredText output, int number)
    {
        // Shapes are in the order in which they are painted. The title belongs first.
        using (XmlPart part = zip.OpenXml(path))
        {
            if (SlideShapes.Title(part) is { Length: > 0 } title)
                output.Add(DocumentBlockKind.Heading, title, level: 1, page: number);
        }

        using (XmlPart part = zip.OpenXml(path))
            new SlideShapes(output, number, isNotes: false).Read(part);
        foreach ((string type, string notes) in zip.Relationships(path).Values)
        {
            if (!type.EndsWith("/notesSlide", StringComparison.Ordinal))
                continue;
            using XmlPart? part = zip.TryOpenXml(notes);
            if (part is not null)
                new SlideShapes(output, number, isNotes: true).Read(part);
        }
    }
}
