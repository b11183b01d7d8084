using System.IO.Compression;

namespace RedisInfer.Documents;

/// <summary>A zip of parts. What it unpacks counts against the budget, so a zip bomb ends where the budget does.</summary>
internal sealed class ZipPackage : IDisposable
{
    private readonly ReadingBudget _budget;
    private readonly ZipArchive _zip;
    private readonly Dictionary<string, ZipArchiveEntry> _entries = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Opens the zip and reads its directory.</summary>
    public ZipPackage(ReadOnlyMemory<byte> document, ReadingBudget budget)
    {
        _budget = budget;
        _zip = new ZipArchive(new WatchedStream(document, budget), ZipArchiveMode.Read);
        foreach (ZipArchiveEntry entry in _zip.Entries)
            _entries.TryAdd(entry.FullName.Replace('\\', '/').TrimStart('/'), entry);
    }

    /// <inheritdoc/>
    public void Dispose() => _zip.Dispose();

    /// <summary>Whether there is a part of this path.</summary>
    public bool Has(string path) => _entries.ContainsKey(path);

    /// <summary>Opens an XML part.</summary>
    /// <exception cref="SkippedDocumentException">There is no such part, or it is encrypted.</exception>
    public XmlPart OpenXml(string path) => new(Open(path), _budget);

    /// <summary>Opens an XML part; <see langword="null"/> if there is none.</summary>
    public XmlPart? TryOpenXml(string path) => Has(path) ? OpenXml(path) : null;

    /// <summary>Reads a part.</summary>
    /// <exception cref="SkippedDocumentException">There is no such part, or it is encrypted.</exception>
    public byte[] ReadBytes(string path)
    {
        using Stream part = Open(path);
        using var bytes = new MemoryStream();
        part.CopyTo(bytes);
        return bytes.ToArray();
    }

    /// <summary>The relationships of an Office part: target paths by their ids.</summary>
    public Dictionary<string, (string Type, string Path)> Relationships(string path)
    {
        int slash = path.LastIndexOf('/');
        string folder = path[..(slash + 1)];
        Dictionary<string, (string Type, string Path)> targets = new(StringComparer.Ordinal);
        using XmlPart? part = TryOpenXml($"{folder}_rels/{path[(slash + 1)..]}.rels");
        while (part?.Read() == true)
        {
            if (part.IsStart("Relationship") && part.Attribute("TargetMode") != "External")
                targets[part.Attribute("Id") ?? ""] = (part.Attribute("Type") ?? "", Resolve(folder, part.Attribute("Target") ?? ""));
        }

        return targets;
    }

    /// <summary>Path of a link from a folder of the zip, without what follows <c>#</c>.</summary>
    /// <param name="folder">The folder, with a <c>/</c> at its end; empty for the root.</param>
    /// <param name="link">The link, relative or from the root.</param>
    public static string Resolve(string folder, string link)
    {
        int end = link.IndexOf('#', StringComparison.Ordinal);
        string path = Uri.UnescapeDataString(end < 0 ? link : link[..end]);
        List<string> names = [];
        foreach (string name in (path.StartsWith('/') ? path : folder + path).Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            if (name == "..")
                names.RemoveRange(Math.Max(0, names.Count - 1), Math.Min(1, names.Count));
            else if (name != ".")
                names.Add(name);
        }

        return string.Join('/', names);
    }

    private MeasuredStream Open(string path)
    {
        if (!_entries.TryGetValue(path, out ZipArchiveEntry? entry))
            throw new SkippedDocumentException($"It is damaged: its part '{path}' is missing.");
        if (entry.IsEncrypted)
            throw new SkippedDocumentException("It is encrypted. Save it without a password.");
        return new MeasuredStream(entry.Open(), _budget);
    }
}
