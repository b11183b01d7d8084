using RedisInfer.Documents.Html;

namespace RedisInfer.Documents;

/// <summary>EPUB: the chapters in the order of the spine, each read as HTML.</summary>
internal sealed class EpubFormat : IDocumentFormat
{
    // These encrypt fonts only.
    private static readonly string[] FontEncryptions = ["http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"];

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = ["application/epub+zip"];

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget)
    {
        using var zip = new ZipPackage(document, budget);
        RefuseEncrypted(zip);
        string package = PackagePath(zip);
        foreach (string path in Chapters(zip, package, output))
        {
            budget.Check();
            (string html, _) = HtmlEncoding.Decode(zip.ReadBytes(path));
            HtmlFormat.Write(html, output, budget, page: null);
        }
    }

    private static void RefuseEncrypted(ZipPackage zip)
    {
        using XmlPart? encryption = zip.TryOpenXml("META-INF/encryption.xml");
        while (encryption?.Read() == true)
        {
            if (encryption.IsStart("EncryptionMethod") && !FontEncryptions.Contains(encryption.Attribute("Algorithm")))
                throw new SkippedDocumentException("It is encrypted (DRM).");
        }
    }

    private static string PackagePath(ZipPackage zip)
    {
        using XmlPart container = zip.OpenXml("META-INF/container.xml");
        while (container.Read())
        {
            if (container.IsStart("rootfile") && container.Attribute("full-path") is { Length: > 0 } path)
                return ZipPackage.Resolve("", path);
        }

        throw new SkippedDocumentException("It is damaged: its container names no package.");
    }

    private static List<string> Chapters(ZipPackage zip, string package, StructuredText output)
    {
        string folder = package[..(package.LastIndexOf('/') + 1)];
        Dictionary<string, string> pages = new(StringComparer.Ordinal);
        List<string> chapters = [];
        HashSet<string> seen = new(StringComparer.Ordinal);
        using XmlPart part = zip.OpenXml(package);
        while (part.Read())
        {
            if (part.IsStart("title") && OneLine.Of(part.ReadText()) is { Length: > 0 } title)
                output.Title ??= title;
            // The table of contents repeats the headings.
            else if (part.IsStart("item") && !(part.Attribute("properties") ?? "").Split(' ').Contains("nav") && IsPage(part))
                pages.TryAdd(part.Attribute("id") ?? "", ZipPackage.Resolve(folder, part.Attribute("href") ?? ""));
            else if (part.IsStart("itemref") && pages.TryGetValue(part.Attribute("idref") ?? "", out string? path)
                && zip.Has(path) && seen.Add(path))
                chapters.Add(path);
        }

        return chapters;
    }

    private static bool IsPage(XmlPart item) =>
        item.Attribute("media-type") is "application/xhtml+xml" or "text/html" or "application/x-dtbook+xml";
}
