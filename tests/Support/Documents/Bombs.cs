using System.Text;

namespace RedisInfer.Tests.Support.Documents;

/// <summary>Documents that are small and cost much: by nesting, by unpacking, by references in circles, by repetition.</summary>
internal static class Bombs
{
    private const int Nested = 10_000;
    private const int ManyNested = 300_000;
    private const int LargeBytes = 32 << 20;

    private const string Entities = """
        <?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lolololololololol"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">
        <!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;"><!ENTITY d "&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;"><!ENTITY e "&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;">
        <!ENTITY f "&e;&e;&e;&e;&e;&e;&e;&e;&e;&e;"><!ENTITY x SYSTEM "file:///etc/passwd">]><r>&f;&x;</r>
        """;

    public static IEnumerable<(string Name, byte[] Bytes)> Of(string format) =>
        Common(format).Concat(format switch
        {
            "pdf" => PdfBombs.All(),
            "html" => Html().Select(bomb => (bomb.Name, Encoding.UTF8.GetBytes(bomb.Text))),
            "eml" => Mail().Select(bomb => (bomb.Name, Encoding.UTF8.GetBytes(bomb.Text))),
            "ipynb" => Notebook().Select(bomb => (bomb.Name, Encoding.UTF8.GetBytes(bomb.Text))),
            "docx" => Parts("docx", "word/document.xml", "w:p", "<w:r><w:t>text</w:t></w:r>"),
            "pptx" => Parts("pptx", "ppt/slides/slide1.xml", "a:p", "<a:r><a:t>text</a:t></a:r>"),
            "xlsx" => Parts("xlsx", "xl/worksheets/sheet1.xml", "row", "<c t=\"s\"><v>1</v></c>"),
            "odt" => Parts("odt", "content.xml", "text:p", "text"),
            _ => Parts("epub", "OEBPS/text/two.xhtml", "div", "text"),
        });

    private static IEnumerable<(string Name, byte[] Bytes)> Common(string format)
    {
        byte[] sample = SampleDocuments.Of(format);
        yield return ("one-byte", [sample[0]]);
        yield return ("half", sample[..(sample.Length / 2)]);
        yield return ("without-start", sample[Math.Min(sample.Length, 16)..]);
        yield return ("zeros", new byte[4096]);
        yield return ("ole", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[1024]]);
        yield return ("ole-encrypted", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. Encoding.Unicode.GetBytes("EncryptedPackage"), .. new byte[64]]);
        yield return ("empty-zip", ZipWriter.Write());
    }

    private static IEnumerable<(string Name, string Text)> Html()
    {
        yield return ("nested-div", Repeat("<div>", Nested) + "text");
        yield return ("many-nested-div", Repeat("<div>", ManyNested) + "text");
        yield return ("nested-b", Repeat("<b>", Nested) + "text");
        yield return ("formatting", Repeat("<p><b><i><u>", 3_000) + "text");
        yield return ("nested-table", Repeat("<table><tr><td>", Nested) + "text");
        yield return ("nested-list", Repeat("<ul><li>", Nested) + "text");
        yield return ("misnested", Repeat("<a><b></a>", Nested) + "text");
        yield return ("foster", "<table>" + Repeat("<b>x", Nested));
        yield return ("spans", "<table>" + Repeat("<tr><td rowspan=65534 colspan=1000>a<td rowspan=65534 colspan=1000>b", 2_000));
        yield return ("attributes", "<p " + string.Concat(Enumerable.Range(0, 50_000).Select(i => $"a{i}=1 ")) + ">text");
        yield return ("svg", Repeat("<svg><foreignObject>", Nested) + "text");
        yield return ("template", Repeat("<template>", Nested) + "text");
        yield return ("select", Repeat("<select><option>", Nested) + "text");
        yield return ("open-comment", "<p>text<!--" + new string('-', 1 << 20));
        yield return ("spaces", "<p>" + new string(' ', 1 << 20) + "text");
    }

    private static IEnumerable<(string Name, string Text)> Mail()
    {
        const string Head = "From: a@example.com\r\nSubject: s\r\nMIME-Version: 1.0\r\n";
        yield return ("nested-multipart", Head + string.Concat(Enumerable.Range(0, Nested)
            .Select(i => $"Content-Type: multipart/mixed; boundary=\"b{i}\"\r\n\r\n--b{i}\r\n")) + "\r\ntext");
        yield return ("nested-message", Head + Repeat("Content-Type: message/rfc822\r\n\r\nSubject: s\r\n", Nested) + "\r\ntext");
        yield return ("many-headers", Head + Repeat("X-Header: value\r\n", 100_000) + "\r\ntext");
        yield return ("long-header", Head + "To: " + Repeat("a@example.com, ", 100_000) + "\r\n\r\ntext");
        yield return ("groups", Head + "To: " + Repeat("g: ", Nested) + "a@example.com" + Repeat(";", Nested) + "\r\n\r\ntext");
        yield return ("encoded-words", "Subject: " + Repeat("=?utf-8?B?YWFh?= ", Nested) + "\r\nFrom: a@example.com\r\n\r\ntext");
        yield return ("many-parts", Head + "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + Repeat("--b\r\n\r\nx\r\n", 50_000));
        yield return ("nested-html", Head + "Content-Type: text/html\r\n\r\n" + Repeat("<div>", Nested));
        yield return ("encrypted", Head + "Content-Type: multipart/encrypted; boundary=b\r\n\r\n--b\r\n\r\nx\r\n--b--\r\n");
    }

    private static IEnumerable<(string Name, string Text)> Notebook()
    {
        yield return ("nested-array", Repeat("[", Nested));
        yield return ("nested-cells", Repeat("{\"cells\":[", ManyNested));
        yield return ("not-an-object", "[1, 2]");
        yield return ("wrong-types", "{\"cells\": [1, null, {\"cell_type\": 5, \"source\": {}}, {\"cell_type\": \"code\", \"outputs\": [7]}]}");
        yield return ("halves", "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": \"\\ud800 half\"}]}");
        yield return ("rules", "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": \"a|b\\n" + new string(' ', 50_000) + "|-|" + new string(' ', 50_000) + "x\"}]}");
        yield return ("fences", "{\"cells\": [{\"cell_type\": \"markdown\", \"source\": \"" + Repeat("```\\n", 50_000) + "\"}]}");
    }

    private static IEnumerable<(string Name, byte[] Bytes)> Parts(string format, string path, string element, string content)
    {
        string text = Encoding.UTF8.GetString(ZipWriter.Read(SampleDocuments.Of(format)).Single(part => part.Path == path).Bytes);
        int inner = text.IndexOf($"<{element}", StringComparison.Ordinal);
        inner = inner < 0 ? text.IndexOf("<h1", StringComparison.Ordinal) : inner;
        yield return ("nested", With(text.Insert(inner, Repeat($"<{element}>", Nested) + content + Repeat($"</{element}>", Nested))));
        yield return ("nested-open", With(text.Insert(inner, Repeat($"<{element}>", ManyNested))));
        yield return ("entities", With(Entities));
        yield return ("many", With(text.Insert(inner, Repeat($"<{element}>{content}</{element}>", 400_000))));
        yield return ("huge-space", With(text.Insert(inner, new string(' ', LargeBytes))));
        yield return ("huge-text", With(text.Insert(inner, $"<{element}>{content.Replace("text", new string('a', LargeBytes), StringComparison.Ordinal)}</{element}>")));
        yield return ("huge-attribute", With(text.Insert(inner, $"<{element} a=\"{new string('a', 1 << 20)}\"/>")));
        yield return ("not-xml", With("\0\u0001\u0002 no xml"));
        yield return ("empty-part", With(""));
        yield return ("many-entries", ZipWriter.Write(ZipWriter.Read(SampleDocuments.Of(format))
            .Concat(Enumerable.Range(0, 20_000).Select(i => ($"x/{i}.xml", Array.Empty<byte>())))));
        yield return ("zip-in-zip", ZipWriter.Write([(path, SampleDocuments.Of(format))]));

        byte[] With(string changed) => ZipWriter.Write(ZipWriter.Read(SampleDocuments.Of(format))
            .Select(part => (part.Path, part.Path == path ? Encoding.UTF8.GetBytes(changed) : part.Bytes)));
    }

    private static string Repeat(string text, int times) => new StringBuilder(text.Length * times).Insert(0, text, times).ToString();
}
