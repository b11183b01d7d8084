using System.Text;

namespace RedisInfer.Tests.Support.Documents;

/// <summary>PDFs with circles, nesting, and streams that unpack to much.</summary>
internal static class PdfBombs
{
    private const int Nested = 10_000;
    private const string Page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> /XObject << /X 6 0 R >> >> /Contents 4 0 R >>";
    private const string Font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>";

    public static IEnumerable<(string Name, byte[] Bytes)> All()
    {
        yield return ("cyclic-pages", Of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R 3 0 R] /Count 2 >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"));
        yield return ("page-is-its-parent", Of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [2 0 R] /Count 1 /Parent 2 0 R >>"));
        yield return ("reference-to-itself", Of("<< /Type /Catalog /Pages 2 0 R >>", "2 0 R"));
        yield return ("references-in-a-circle", Of("<< /Type /Catalog /Pages 2 0 R >>", "3 0 R", "2 0 R"));
        yield return ("cyclic-catalog", Of("<< /Type /Catalog /Pages 1 0 R >>"));
        yield return ("million-pages", Of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1000000000 >>", Page, Content("BT ET")));
        yield return ("same-page-often", Of("<< /Type /Catalog /Pages 2 0 R >>", $"<< /Type /Pages /Kids [{Repeat("3 0 R ", 50_000)}] /Count 50000 >>", Page, Content("BT /F1 10 Tf (a) Tj ET"), Font));
        yield return ("nested-arrays", WithContent(Repeat("[", Nested) + " TJ"));
        yield return ("nested-dictionaries", Of("<< /Type /Catalog /Pages 2 0 R /X " + Repeat("<< /A ", Nested) + " >>"));
        yield return ("nested-arrays-in-object", Of("<< /Type /Catalog /Pages 2 0 R /X " + Repeat("[", 100_000) + " >>"));
        yield return ("form-in-itself", Of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", Page, Content("/X Do"), Font, Form("/X Do /X Do", 6)));
        yield return ("forms-exponential", Exponential());
        yield return ("xref-to-itself", Encoding.Latin1.GetBytes("%PDF-1.7\nxref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size 1 /Root 1 0 R /Prev 9 >>\nstartxref\n9\n%%EOF"));
        yield return ("startxref-far", Encoding.Latin1.GetBytes("%PDF-1.7\ntrailer\n<< /Root 1 0 R >>\nstartxref\n99999999999\n%%EOF"));
        yield return ("huge-xref", Encoding.Latin1.GetBytes("%PDF-1.7\nxref\n0 2000000000\n0000000000 65535 f \ntrailer\n<< /Size 2000000000 /Root 1 0 R >>\nstartxref\n9\n%%EOF"));
        yield return ("only-header", Encoding.Latin1.GetBytes("%PDF-1.7\n"));
        yield return ("flate-bomb", WithStream(new string(' ', 64 << 20)));
        yield return ("many-letters", WithStream("BT /F1 10 Tf (" + new string('a', 1 << 20) + ") Tj ET"));
        yield return ("save-states", WithStream(Repeat("q ", 1 << 20)));
        yield return ("numbers", WithContent("BT /F1 1e308 Tf 1e308 1e308 Td (abc) Tj 99999999999999999999 0 Td (def) Tj NaN 0 Td (x) Tj ET"));
        yield return ("zero-size", WithContent("BT /F1 0 Tf 0 0 0 0 0 0 Tm (abc) Tj ET"));
        yield return ("far-apart", WithContent("BT /F1 10 Tf " + string.Concat(Enumerable.Range(0, 3_000).Select(i => $"{i % 71} {i % 53} Td (a) Tj ")) + "ET"));
        yield return ("one-row", WithContent("BT /F1 1 Tf " + Repeat("9 0 Td (a) Tj ", 50_000) + "ET"));
        yield return ("wrong-length", Of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", Page, "<< /Length 999999999 >>\nstream\nBT ET\nendstream"));
        yield return ("encrypted", Encrypted());
        yield return ("scan", WithContent("q 612 0 0 792 0 0 cm Q"));
    }

    private static byte[] WithContent(string content) =>
        Of("<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", Page, Content(content), Font);

    private static byte[] WithStream(string content)
    {
        var pdf = new PdfWriter();
        pdf.Add("<< /Type /Catalog /Pages 2 0 R >>");
        pdf.Add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        pdf.Add(Page);
        pdf.AddStream(content, compress: true);
        pdf.Add(Font);
        return pdf.ToBytes();
    }

    /// <summary>Each form shows the next one ten times.</summary>
    private static byte[] Exponential()
    {
        List<string> objects = ["<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", Page, Content("/X Do"), Font];
        for (int i = 6; i < 20; i++)
            objects.Add(Form(Repeat("/X Do ", 10), i + 1));
        objects.Add(Form("BT /F1 10 Tf (text) Tj ET", 6));
        return Of([.. objects]);
    }

    private static byte[] Encrypted()
    {
        var pdf = new PdfWriter { Trailer = "/Encrypt 5 0 R /ID [<00112233445566778899AABBCCDDEEFF> <00112233445566778899AABBCCDDEEFF>]" };
        pdf.Add("<< /Type /Catalog /Pages 2 0 R >>");
        pdf.Add("<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
        pdf.Add("<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>");
        pdf.Add(Content("BT (abc) Tj ET"));
        pdf.Add($"<< /Filter /Standard /V 1 /R 2 /Length 40 /P -44 /O <{Repeat("41", 32)}> /U <{Repeat("42", 32)}> >>");
        return pdf.ToBytes();
    }

    private static string Form(string content, int next) =>
        $"<< /Type /XObject /Subtype /Form /BBox [0 0 612 792] /Resources << /Font << /F1 5 0 R >> /XObject << /X {next} 0 R >> >> /Length {content.Length} >>\nstream\n{content}\nendstream";

    private static string Content(string content) => $"<< /Length {content.Length} >>\nstream\n{content}\nendstream";

    private static byte[] Of(params string[] objects)
    {
        var pdf = new PdfWriter();
        foreach (string body in objects)
            pdf.Add(body);
        return pdf.ToBytes();
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
