namespace RedisInfer.Documents;

/// <summary>
/// Readers of PDF, HTML, Office and OpenDocument files, EPUB, e-mail and notebooks, for hosts without a service collection:
/// <c>new RagComponents { DocumentReaders = DocumentReaders.All }</c>.
/// </summary>
public static class DocumentReaders
{
    /// <summary>One reader for each format. Thread-safe.</summary>
    public static IReadOnlyList<IDocumentReader> All { get; } = [.. DocumentFormats.All.Select(format => new DocumentReader(format))];
}
