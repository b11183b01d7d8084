using System.Collections.Frozen;
using System.IO.Compression;
using System.Net.Mime;
using System.Text;

namespace RedisInfer;

/// <summary>Media types of documents.</summary>
public static class MediaTypes
{
    /// <summary>Neither name nor content tell the media type.</summary>
    public const string Unknown = MediaTypeNames.Application.Octet;

    /// <summary>Compound files: old Office files, and new ones that are encrypted.</summary>
    private const string CompoundFile = "application/x-ole-storage";
    private const string OfficePrefix = "application/vnd.openxmlformats-officedocument.";
    private const string OpenDocumentPrefix = "application/vnd.oasis.opendocument.";

    private const int HeadBytes = 1024;
    private const int MaxTypeBytes = 100;

    private static readonly byte[] BeforeContent = [0xEF, 0xBB, 0xBF, .. " \t\r\n"u8];
    private static readonly byte[] CompoundFileSignature = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

    private static readonly FrozenDictionary<string, string> ByExtension = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase)
    {
        [".csv"] = MediaTypeNames.Text.Csv,
        [".doc"] = "application/msword",
        [".docm"] = "application/vnd.ms-word.document.macroenabled.12",
        [".docx"] = OfficePrefix + "wordprocessingml.document",
        [".eml"] = "message/rfc822",
        [".epub"] = "application/epub+zip",
        [".htm"] = MediaTypeNames.Text.Html,
        [".html"] = MediaTypeNames.Text.Html,
        [".ipynb"] = "application/x-ipynb+json",
        [".json"] = MediaTypeNames.Application.Json,
        [".markdown"] = MediaTypeNames.Text.Markdown,
        [".md"] = MediaTypeNames.Text.Markdown,
        [".msg"] = "application/vnd.ms-outlook",
        [".odp"] = OpenDocumentPrefix + "presentation",
        [".ods"] = OpenDocumentPrefix + "spreadsheet",
        [".odt"] = OpenDocumentPrefix + "text",
        [".pdf"] = MediaTypeNames.Application.Pdf,
        [".ppt"] = "application/vnd.ms-powerpoint",
        [".pptm"] = "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        [".pptx"] = OfficePrefix + "presentationml.presentation",
        [".txt"] = MediaTypeNames.Text.Plain,
        [".xhtml"] = "application/xhtml+xml",
        [".xls"] = "application/vnd.ms-excel",
        [".xlsm"] = "application/vnd.ms-excel.sheet.macroenabled.12",
        [".xlsx"] = OfficePrefix + "spreadsheetml.sheet",
        [".xml"] = MediaTypeNames.Text.Xml,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>The media type by the extension of a name.</summary>
    /// <param name="path">The name or path.</param>
    /// <returns>The media type; <see cref="Unknown"/> if the extension does not tell.</returns>
    public static string Of(string path) => ByExtension.GetValueOrDefault(Path.GetExtension(path), Unknown);

    /// <summary>
    /// The media type by the content, if its first bytes are those of PDF, Office, OpenDocument or EPUB, which a wrong name does not change;
    /// otherwise by the name.
    /// </summary>
    /// <param name="path">The name or path.</param>
    /// <param name="content">The bytes; seekable. Its position is 0 afterwards.</param>
    /// <returns>The media type; <see cref="Unknown"/> if nothing tells.</returns>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    public static string Of(string path, Stream content)
    {
        ArgumentNullException.ThrowIfNull(content);
        byte[] head = new byte[HeadBytes];
        content.Position = 0;
        int length = content.ReadAtLeast(head, HeadBytes, throwOnEndOfStream: false);
        content.Position = 0;
        string byName = Of(path);
        string? byContent = OfHead(head.AsSpan(0, length));
        if (byContent == MediaTypeNames.Application.Zip)
        {
            byContent = OfZip(content);
            content.Position = 0;
        }

        return byContent is null || IsOld(byName) && byContent == CompoundFile ? byName : byContent;
    }

    private static bool IsOld(string mediaType) => mediaType is "application/msword" or "application/vnd.ms-excel" or "application/vnd.ms-powerpoint"
        or "application/vnd.ms-outlook";

    private static string? OfHead(ReadOnlySpan<byte> head) =>
        head.StartsWith("PK\u0003\u0004"u8) ? MediaTypeNames.Application.Zip
        : head.StartsWith(CompoundFileSignature) ? CompoundFile
        // A text about PDF names its signature too, but does not begin with it.
        : head.TrimStart(BeforeContent).StartsWith("%PDF-"u8) ? MediaTypeNames.Application.Pdf
        : null;

    private static string? OfZip(Stream content)
    {
        try
        {
            using var zip = new ZipArchive(content, ZipArchiveMode.Read, leaveOpen: true);
            if (zip.GetEntry("mimetype") is { Length: <= MaxTypeBytes } declared)
            {
                using var reader = new StreamReader(declared.Open(), Encoding.ASCII);
                char[] type = new char[MaxTypeBytes];
                string mediaType = new string(type, 0, reader.ReadBlock(type)).Trim();
                return ByExtension.Values.Contains(mediaType) ? mediaType : null;
            }

            return zip.GetEntry("word/document.xml") is not null ? Of(".docx")
                : zip.GetEntry("xl/workbook.xml") is not null ? Of(".xlsx")
                : zip.GetEntry("ppt/presentation.xml") is not null ? Of(".pptx")
                : null;
        }
        catch (InvalidDataException)
        {
            return null;
        }
    }
}
