using RedisInfer.Documents.Html;
using RedisInfer.Documents.Office;
using RedisInfer.Documents.Pdf;

namespace RedisInfer.Documents;

/// <summary>All formats of this package.</summary>
internal static class DocumentFormats
{
    /// <summary>The formats.</summary>
    public static IReadOnlyList<IDocumentFormat> All { get; } =
    [
        new PdfFormat(), new HtmlFormat(), new WordFormat(), new SlidesFormat(), new SheetsFormat(), new OpenDocumentFormat(), new EpubFormat(),
        new MailFormat(), new NotebookFormat(), new OldOfficeFormat(),
    ];

    /// <summary>The format of a media type; <see langword="null"/> if it is none of these.</summary>
    public static IDocumentFormat? Find(string mediaType) =>
        All.FirstOrDefault(format => format.MediaTypes.Contains(mediaType, StringComparer.OrdinalIgnoreCase));
}
