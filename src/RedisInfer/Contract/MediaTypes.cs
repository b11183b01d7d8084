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

    private static readonly FrozenDictionary<string, string> ByExtension = Table(
        (MediaTypeNames.Text.Plain, "txt text log ini cfg conf properties diff patch"),
        (MediaTypeNames.Text.Markdown, "md markdown mdx"),
        (MediaTypeNames.Text.Html, "html htm"),
        ("application/xhtml+xml", "xhtml"),
        (MediaTypeNames.Text.Csv, "csv"),
        ("text/tab-separated-values", "tsv tab"),
        (MediaTypeNames.Application.Json, "json"),
        ("application/jsonl", "jsonl ndjson"),
        ("application/yaml", "yaml yml"),
        ("application/toml", "toml"),
        (MediaTypeNames.Text.Xml, "xml xsd xsl xslt csproj fsproj vbproj props targets resx svg"),
        ("text/x-rst", "rst"),
        ("text/asciidoc", "adoc asciidoc"),
        ("text/x-tex", "tex"),
        (MediaTypeNames.Text.Rtf, "rtf"),
        (MediaTypeNames.Application.Pdf, "pdf"),
        (OfficePrefix + "wordprocessingml.document", "docx"),
        (OfficePrefix + "presentationml.presentation", "pptx"),
        (OfficePrefix + "spreadsheetml.sheet", "xlsx"),
        ("application/vnd.ms-word.document.macroenabled.12", "docm"),
        ("application/vnd.ms-powerpoint.presentation.macroenabled.12", "pptm"),
        ("application/vnd.ms-excel.sheet.macroenabled.12", "xlsm"),
        ("application/msword", "doc"),
        ("application/vnd.ms-powerpoint", "ppt"),
        ("application/vnd.ms-excel", "xls"),
        ("application/vnd.ms-outlook", "msg"),
        (OpenDocumentPrefix + "text", "odt"),
        (OpenDocumentPrefix + "presentation", "odp"),
        (OpenDocumentPrefix + "spreadsheet", "ods"),
        ("application/epub+zip", "epub"),
        ("message/rfc822", "eml"),
        ("application/x-ipynb+json", "ipynb"),
        ("text/x-csharp", "cs csx"),
        ("text/x-fsharp", "fs fsx fsi"),
        ("text/x-vb", "vb"),
        ("text/x-java", "java"),
        ("text/x-kotlin", "kt kts"),
        ("text/x-scala", "scala"),
        ("text/x-groovy", "groovy gradle"),
        ("text/x-c", "c h"),
        ("text/x-c++", "cpp cc cxx hpp hh hxx"),
        ("text/x-objective-c", "m mm"),
        ("text/x-swift", "swift"),
        ("text/x-go", "go"),
        ("text/x-rust", "rs"),
        ("text/x-dart", "dart"),
        ("text/x-python", "py pyi"),
        ("text/x-ruby", "rb"),
        ("text/x-perl", "pl pm"),
        ("text/x-php", "php"),
        ("text/x-lua", "lua"),
        ("text/x-r", "r"),
        ("text/x-julia", "jl"),
        ("text/x-haskell", "hs"),
        ("text/x-elixir", "ex exs"),
        ("text/x-erlang", "erl hrl"),
        ("text/x-clojure", "clj cljs"),
        (MediaTypeNames.Text.JavaScript, "js mjs cjs jsx"),
        ("text/x-typescript", "ts mts cts tsx"),
        (MediaTypeNames.Text.Css, "css scss less"),
        ("text/x-sql", "sql"),
        ("text/x-shellscript", "sh bash zsh"),
        ("text/x-powershell", "ps1 psm1"),
        ("text/x-dockerfile", "dockerfile"),
        ("text/x-makefile", "makefile mk"));

    // Formats that no reader reads.
    private static readonly (byte[] Signature, string MediaType)[] Others =
    [
        ([0x89, (byte)'P', (byte)'N', (byte)'G', (byte)'\r', (byte)'\n', 0x1A, (byte)'\n'], MediaTypeNames.Image.Png),
        ([.. "GIF8"u8], MediaTypeNames.Image.Gif),
        ([0xFF, 0xD8, 0xFF], MediaTypeNames.Image.Jpeg),
        ([0x1F, 0x8B, 0x08], "application/gzip"),
        ([0x7F, (byte)'E', (byte)'L', (byte)'F'], "application/x-elf"),
        ([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "application/x-7z-compressed"),
        ([0xFD, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0], "application/x-xz"),
        ([.. "SQLite format 3\0"u8], "application/vnd.sqlite3"),
    ];

    /// <summary>File name extensions that tell a media type, with the dot.</summary>
    internal static IEnumerable<string> Extensions => ByExtension.Keys.Select(extension => "." + extension);

    /// <summary>The media type by the extension of a name, or by a name without one, such as <c>Makefile</c>.</summary>
    /// <param name="path">The name or path, with <c>/</c> as separator.</param>
    /// <returns>The media type; <see cref="Unknown"/> if the name does not tell.</returns>
    public static string Of(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        string name = path[(path.LastIndexOf('/') + 1)..];
        return ByExtension.GetValueOrDefault(name[(name.LastIndexOf('.') + 1)..], Unknown);
    }

    /// <summary>
    /// The media type by the content, if its first bytes are those of PDF, Office, OpenDocument, EPUB or another known binary format.
    /// A wrong name does not change that. Otherwise, the media type by the name.
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

    /// <summary>Whether files of a media type can be text: all but those of known binary formats.</summary>
    internal static bool IsText(string mediaType) =>
        mediaType is Unknown or MediaTypeNames.Application.Json or "application/jsonl" or "application/yaml" or "application/toml"
            or "application/xhtml+xml" or "application/x-ipynb+json" or "message/rfc822"
        || mediaType.StartsWith("text/", StringComparison.Ordinal);

    private static bool IsOld(string mediaType) => mediaType is "application/msword" or "application/vnd.ms-excel" or "application/vnd.ms-powerpoint"
        or "application/vnd.ms-outlook";

    /// <summary>The media type of the binary format whose files begin with these bytes; <see langword="null"/> if it is none.</summary>
    internal static string? OfHead(ReadOnlySpan<byte> head)
    {
        if (head.StartsWith("PK\u0003\u0004"u8))
            return MediaTypeNames.Application.Zip;
        if (head.StartsWith(CompoundFileSignature))
            return CompoundFile;

        // A text about PDF names its signature too, but does not begin with it.
        if (head.TrimStart(BeforeContent).StartsWith("%PDF-"u8))
            return MediaTypeNames.Application.Pdf;
        foreach ((byte[] signature, string mediaType) in Others)
        {
            if (head.StartsWith(signature))
                return mediaType;
        }

        return null;
    }

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

    private static FrozenDictionary<string, string> Table(params (string MediaType, string Extensions)[] types) =>
        types.SelectMany(type => type.Extensions.Split(' ').Select(extension => KeyValuePair.Create(extension, type.MediaType)))
            .ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
}
