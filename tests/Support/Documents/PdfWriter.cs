using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace RedisInfer.Tests.Support.Documents;

/// <summary>Writes small PDFs, valid ones and others.</summary>
public sealed class PdfWriter
{
    private readonly List<string> _objects = [];

    /// <summary>Entries that are added to the trailer, for example <c>/Encrypt 9 0 R</c>.</summary>
    public string Trailer { get; set; } = "";

    /// <summary>Writes pages of texts.</summary>
    public static byte[] Pages(params IReadOnlyList<PdfText>[] pages) => Pages(title: null, compress: false, pages);

    /// <summary>Writes pages of texts.</summary>
    /// <param name="title">Title in the information dictionary.</param>
    /// <param name="compress">Whether the pages' contents are compressed.</param>
    /// <param name="pages">The texts of each page.</param>
    public static byte[] Pages(string? title, bool compress, params IReadOnlyList<PdfText>[] pages)
    {
        var pdf = new PdfWriter();
        string kids = string.Join(' ', pages.Select((_, i) => $"{6 + 2 * i} 0 R"));
        pdf.Add("<< /Type /Catalog /Pages 2 0 R >>");
        pdf.Add($"<< /Type /Pages /Kids [{kids}] /Count {pages.Length} >>");
        foreach (string font in new[] { "Helvetica", "Helvetica-Bold", "Courier" })
            pdf.Add($"<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>");
        for (int i = 0; i < pages.Length; i++)
        {
            pdf.Add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R /F2 4 0 R /F3 5 0 R >> >> "
                + $"/Contents {7 + 2 * i} 0 R >>");
            pdf.AddStream(Content(pages[i]), compress);
        }

        if (title is not null)
        {
            pdf.Add($"<< /Title ({title}) >>");
            pdf.Trailer = $"/Info {pdf._objects.Count} 0 R";
        }

        return pdf.ToBytes();
    }

    /// <summary>The operators that show texts.</summary>
    public static string Content(IEnumerable<PdfText> texts) => string.Concat(texts.Select(text => string.Create(
        CultureInfo.InvariantCulture,
        $"BT /{text.Font} {text.Size:0.##} Tf {text.X:0.##} {text.Y:0.##} Td ({Escape(text.Text)}) Tj ET\n")));

    /// <summary>Adds an object; numbers begin at 1.</summary>
    public void Add(string body) => _objects.Add(body);

    /// <summary>Adds a stream.</summary>
    public void AddStream(string content, bool compress, string entries = "")
    {
        byte[] bytes = Encoding.Latin1.GetBytes(content);
        if (compress)
        {
            using var packed = new MemoryStream();
            using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest))
                zlib.Write(bytes);
            bytes = packed.ToArray();
            entries += " /Filter /FlateDecode";
        }

        Add($"<< /Length {bytes.Length}{entries} >>\nstream\n{Encoding.Latin1.GetString(bytes)}\nendstream");
    }

    /// <summary>The file.</summary>
    public byte[] ToBytes()
    {
        var file = new StringBuilder("%PDF-1.7\n");
        List<int> offsets = [];
        for (int i = 0; i < _objects.Count; i++)
        {
            offsets.Add(file.Length);
            file.Append(CultureInfo.InvariantCulture, $"{i + 1} 0 obj\n{_objects[i]}\nendobj\n");
        }

        int xref = file.Length;
        file.Append(CultureInfo.InvariantCulture, $"xref\n0 {_objects.Count + 1}\n0000000000 65535 f \n");
        foreach (int offset in offsets)
            file.Append(CultureInfo.InvariantCulture, $"{offset:0000000000} 00000 n \n");
        file.Append(CultureInfo.InvariantCulture, $"trailer\n<< /Size {_objects.Count + 1} /Root 1 0 R {Trailer} >>\nstartxref\n{xref}\n%%EOF\n");
        return Encoding.Latin1.GetBytes(file.ToString());
    }

    private static string Escape(string text) =>
        text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("(", "\\(", StringComparison.Ordinal).Replace(")", "\\)", StringComparison.Ordinal);
}
