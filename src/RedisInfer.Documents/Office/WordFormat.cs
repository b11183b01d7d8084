namespace RedisInfer.Documents.Office;

/// <summary>DOCX: body, tables and notes. Heads and feet of pages, comments and deleted text are left out.</summary>
internal sealed class WordFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = [OfficeFiles.WordType, OfficeFiles.WordMacroType];

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget)
    {
        using var zip = new ZipPackage(document, budget);
        string main = OfficeFiles.MainPart(zip, "word/document.xml");
        Dictionary<string, (string Type, string Path)> parts = zip.Relationships(main);
        output.Title ??= OfficeFiles.Title(zip);
        using XmlPart? styles = Open("styles");
        var paragraphs = new WordParagraphs(new WordStyles(styles), output);

        using (XmlPart body = zip.OpenXml(main))
            paragraphs.Read(body);
        foreach (string notes in new[] { "footnotes", "endnotes" })
        {
            using XmlPart? part = Open(notes);
            if (part is not null)
                paragraphs.Read(part);
        }

        XmlPart? Open(string type) =>
            parts.Values.FirstOrDefault(part => part.Type.EndsWith("/" + type, StringComparison.Ordinal)).Path is { } path
                ? zip.TryOpenXml(path) : null;
    }
}
