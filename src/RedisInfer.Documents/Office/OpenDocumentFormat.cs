namespace RedisInfer.Documents.Office;

/// <summary>ODT, ODS and ODP: text, tables and slides of OpenDocument.</summary>
internal sealed class OpenDocumentFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } =
    [
        "application/vnd.oasis.opendocument.text", "application/vnd.oasis.opendocument.spreadsheet",
        "application/vnd.oasis.opendocument.presentation",
    ];

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget)
    {
        using var zip = new ZipPackage(document, budget);
        // An encrypted part is said to be so only in the manifest.
        using (XmlPart? manifest = zip.TryOpenXml("META-INF/manifest.xml"))
        {
            while (manifest?.Read() == true)
            {
                if (manifest.IsStart("encryption-data"))
                    throw new SkippedDocumentException("It is encrypted. Save it without a password.");
            }
        }

        using (XmlPart? meta = zip.TryOpenXml("meta.xml"))
        {
            while (meta?.Read() == true)
            {
                if (meta.IsStart("title") && OneLine.Of(meta.ReadText()) is { Length: > 0 } title)
                    output.Title ??= title;
            }
        }

        using XmlPart content = zip.OpenXml("content.xml");
        new OpenDocumentBlocks(output).Read(content);
    }
}
