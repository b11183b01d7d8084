using System.Text;

namespace RedisInfer.Tests.Support.Documents;

/// <summary>A small valid document of each format. Each holds <see cref="Sentence"/>.</summary>
public static class SampleDocuments
{
    public const string Sentence = "The harbour master signs every dangerous goods note.";

    private const string Rels = "http://schemas.openxmlformats.org/package/2006/relationships";
    private const string Office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    private const string Word = "http://schemas.openxmlformats.org/wordprocessingml/2006/main";
    private const string Sheet = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    private const string Slides = "http://schemas.openxmlformats.org/presentationml/2006/main";
    private const string Drawing = "http://schemas.openxmlformats.org/drawingml/2006/main";

    /// <summary>The formats, by the extensions of their files.</summary>
    public static IReadOnlyList<string> Formats { get; } = ["pdf", "html", "docx", "pptx", "xlsx", "odt", "epub", "eml", "ipynb"];

    /// <summary>A valid document.</summary>
    /// <param name="format">One of <see cref="Formats"/>.</param>
    public static byte[] Of(string format) => format switch
    {
        "pdf" => Pdf(),
        "html" => Encoding.UTF8.GetBytes(Html),
        "docx" => Docx(),
        "pptx" => Pptx(),
        "xlsx" => Xlsx(),
        "odt" => Odt(),
        "epub" => Epub(),
        "eml" => Encoding.UTF8.GetBytes(Eml.ReplaceLineEndings("\r\n")),
        "ipynb" => Encoding.UTF8.GetBytes(Notebook),
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such format."),
    };

    private static readonly string Html = $"""
        <!doctype html><html><head><title>Goods</title><script>var a = 1;</script></head>
        <body><nav><a href="/">Home</a></nav><main><h1>Goods</h1><p>{Sentence}</p>
        <ul><li>First item</li><li>Second <b>item</b></li></ul><pre>code line</pre>
        <table><tr><th>Name</th><th>Price</th></tr><tr><td rowspan="2">Ferry</td><td>12</td></tr><tr><td>13</td></tr></table></main></body></html>
        """;

    private static readonly string Eml = $"""
        From: Ada <ada@example.com>
        To: Ben <ben@example.com>
        Subject: Goods
        Date: Mon, 02 Mar 2026 10:00:00 +0000
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary="b1"

        --b1
        Content-Type: text/plain; charset=utf-8

        {Sentence}

        --b1
        Content-Type: text/html; name="note.html"
        Content-Disposition: attachment; filename="note.html"
        Content-Transfer-Encoding: base64

        {Convert.ToBase64String(Encoding.UTF8.GetBytes("<p>An attached page.</p>"))}
        --b1--

        """;

    private static readonly string Notebook = $$"""
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [
          {"cell_type": "markdown", "metadata": {}, "source": ["# Goods\n", "\n", "{{Sentence}}\n"]},
          {"cell_type": "code", "metadata": {}, "execution_count": 1, "source": "print(1)",
           "outputs": [{"output_type": "stream", "name": "stdout", "text": ["1\n"]}]}]}
        """;

    private static byte[] Pdf() => PdfWriter.Pages(
        "Goods",
        compress: true,
        [new PdfText(72, 700, "Goods", 18, "F2"), new PdfText(72, 660, Sentence), new PdfText(72, 640, "print(1)", 10, "F3")],
        [new PdfText(72, 700, "Name"), new PdfText(200, 700, "Price"), new PdfText(72, 685, "Ferry"), new PdfText(200, 685, "12")]);

    private static byte[] Docx() => ZipWriter.Write(
        ("[Content_Types].xml", ContentTypes("/word/document.xml", "wordprocessingml.document.main")),
        ("_rels/.rels", Relations(("rId1", Office + "/officeDocument", "word/document.xml"))),
        ("word/_rels/document.xml.rels", Relations(("rId1", Office + "/styles", "styles.xml"))),
        ("word/styles.xml", $"""
            <w:styles xmlns:w="{Word}"><w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/></w:style></w:styles>
            """),
        ("word/document.xml", $"""
            <w:document xmlns:w="{Word}"><w:body>
            <w:p><w:pPr><w:pStyle w:val="Heading1"/></w:pPr><w:r><w:t>Goods</w:t></w:r></w:p>
            <w:p><w:r><w:t xml:space="preserve">{Sentence}</w:t></w:r></w:p>
            <w:tbl><w:tr><w:tc><w:p><w:r><w:t>Name</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>Price</w:t></w:r></w:p></w:tc></w:tr>
            <w:tr><w:tc><w:p><w:r><w:t>Ferry</w:t></w:r></w:p></w:tc><w:tc><w:p><w:r><w:t>12</w:t></w:r></w:p></w:tc></w:tr></w:tbl>
            </w:body></w:document>
            """));

    private static byte[] Xlsx() => ZipWriter.Write(
        ("[Content_Types].xml", ContentTypes("/xl/workbook.xml", "spreadsheetml.sheet.main")),
        ("_rels/.rels", Relations(("rId1", Office + "/officeDocument", "xl/workbook.xml"))),
        ("xl/_rels/workbook.xml.rels", Relations(
            ("rId1", Office + "/worksheet", "worksheets/sheet1.xml"), ("rId2", Office + "/sharedStrings", "sharedStrings.xml"))),
        ("xl/workbook.xml", $"""
            <workbook xmlns="{Sheet}" xmlns:r="{Office}"><sheets><sheet name="Goods" sheetId="1" r:id="rId1"/></sheets></workbook>
            """),
        ("xl/sharedStrings.xml", $"""<sst xmlns="{Sheet}"><si><t>Name</t></si><si><t>{Sentence}</t></si></sst>"""),
        ("xl/worksheets/sheet1.xml", $"""
            <worksheet xmlns="{Sheet}"><sheetData>
            <row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><t>Price</t></is></c></row>
            <row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>12</v></c></row>
            </sheetData></worksheet>
            """));

    private static byte[] Pptx() => ZipWriter.Write(
        ("[Content_Types].xml", ContentTypes("/ppt/presentation.xml", "presentationml.presentation.main")),
        ("_rels/.rels", Relations(("rId1", Office + "/officeDocument", "ppt/presentation.xml"))),
        ("ppt/_rels/presentation.xml.rels", Relations(("rId2", Office + "/slide", "slides/slide1.xml"))),
        ("ppt/presentation.xml", $"""
            <p:presentation xmlns:p="{Slides}" xmlns:r="{Office}"><p:sldIdLst><p:sldId id="256" r:id="rId2"/></p:sldIdLst></p:presentation>
            """),
        ("ppt/slides/slide1.xml", $"""
            <p:sld xmlns:p="{Slides}" xmlns:a="{Drawing}"><p:cSld><p:spTree>
            <p:sp><p:nvSpPr><p:nvPr><p:ph type="title"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>Goods</a:t></a:r></a:p></p:txBody></p:sp>
            <p:sp><p:nvSpPr><p:nvPr><p:ph idx="1"/></p:nvPr></p:nvSpPr><p:txBody><a:p><a:r><a:t>{Sentence}</a:t></a:r></a:p></p:txBody></p:sp>
            </p:spTree></p:cSld></p:sld>
            """));

    private static byte[] Odt() => ZipWriter.Write(
        ("mimetype", "application/vnd.oasis.opendocument.text"),
        ("META-INF/manifest.xml", """<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>"""),
        ("content.xml", $"""
            <office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
              xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0">
            <office:body><office:text><text:h text:outline-level="1">Goods</text:h><text:p>{Sentence}</text:p>
            <text:list><text:list-item><text:p>First item</text:p></text:list-item></text:list>
            <table:table><table:table-row><table:table-cell><text:p>Name</text:p></table:table-cell><table:table-cell><text:p>Price</text:p>
            </table:table-cell></table:table-row><table:table-row><table:table-cell><text:p>Ferry</text:p></table:table-cell>
            <table:table-cell><text:p>12</text:p></table:table-cell></table:table-row></table:table></office:text></office:body>
            </office:document-content>
            """));

    private static byte[] Epub() => ZipWriter.Write(
        ("mimetype", "application/epub+zip"),
        ("META-INF/container.xml", """
            <container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>
            <rootfile full-path="OEBPS/book.opf" media-type="application/oebps-package+xml"/></rootfiles></container>
            """),
        ("OEBPS/book.opf", """
            <package xmlns="http://www.idpf.org/2007/opf" version="3.0"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
            <dc:title>Goods</dc:title></metadata><manifest><item id="c1" href="text/one.xhtml" media-type="application/xhtml+xml"/>
            <item id="c2" href="text/two.xhtml" media-type="application/xhtml+xml"/></manifest>
            <spine><itemref idref="c2"/><itemref idref="c1"/></spine></package>
            """),
        ("OEBPS/text/one.xhtml", "<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><h1>Last</h1><p>The end.</p></body></html>"),
        ("OEBPS/text/two.xhtml", $"<html xmlns=\"http://www.w3.org/1999/xhtml\"><body><h1>First</h1><p>{Sentence}</p></body></html>"));

    private static string ContentTypes(string part, string type) => $"""
        <Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" ContentType="application/xml"/>
        <Override PartName="{part}" ContentType="application/vnd.openxmlformats-officedocument.{type}+xml"/></Types>
        """;

    private static string Relations(params (string Id, string Type, string Target)[] relations) =>
        $"<Relationships xmlns=\"{Rels}\">"
        + string.Concat(relations.Select(r => $"<Relationship Id=\"{r.Id}\" Type=\"{r.Type}\" Target=\"{r.Target}\"/>")) + "</Relationships>";
}
