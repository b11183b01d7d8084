using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Wordprocessing;

namespace RedisInfer.Tests.Documents;

/// <summary>A DOCX of Microsoft's library, so that it is what programs write.</summary>
internal static class WordFixture
{
    /// <summary>A DOCX with a title, headings, a list, a table, page breaks and a footnote.</summary>
    public static byte[] Write()
    {
        using var file = new MemoryStream();
        using (WordprocessingDocument document = WordprocessingDocument.Create(file, WordprocessingDocumentType.Document))
        {
            document.PackageProperties.Title = "Harbour handbook";
            MainDocumentPart main = document.AddMainDocumentPart();
            main.AddNewPart<StyleDefinitionsPart>().Styles = new Styles(
                Style("Heading1", "heading 1", null), Style("Heading2", "heading 2", "Heading1"), Style("Code", "Source Code", null));
            FootnotesPart notes = main.AddNewPart<FootnotesPart>();
            notes.Footnotes = new Footnotes(new Footnote(Text("A note at the foot.")) { Id = 1 });
            main.Document = new Document(new Body(
                Styled("Heading1", "Goods"),
                new Paragraph(
                    new Run(new Text("Goods are ") { Space = SpaceProcessingModeValues.Preserve }), new Run(new RunProperties(new Bold()), new Text("declared")),
                    new Run(new Text(" early.") { Space = SpaceProcessingModeValues.Preserve })),
                Item("First item"),
                Item("Second item"),
                Styled("Heading2", "Prices"),
                new Paragraph(new Run(new LastRenderedPageBreak(), new Text("The prices of 2026:"))),
                new Table(Row("Ferry", "Price"), Row("Alpha", "12 EUR"), Row("Beta", "13 EUR")),
                Styled("Code", "if ready:"),
                Styled("Code", "    go()"),
                new Paragraph(new DeletedRun(new Run(new DeletedText("gone"))) { Id = "9", Author = "a" }, new Run(new Text("The end.")))));
        }

        return file.ToArray();
    }

    private static Style Style(string id, string name, string? parent) => parent is null
        ? new Style(new StyleName { Val = name }) { Type = StyleValues.Paragraph, StyleId = id }
        : new Style(new StyleName { Val = name }, new BasedOn { Val = parent }) { Type = StyleValues.Paragraph, StyleId = id };

    private static Paragraph Text(string text) => new(new Run(new Text(text) { Space = SpaceProcessingModeValues.Preserve }));

    private static Paragraph Styled(string style, string text) => new(
        new ParagraphProperties(new ParagraphStyleId { Val = style }), new Run(new Text(text) { Space = SpaceProcessingModeValues.Preserve }));

    private static Paragraph Item(string text) => new(
        new ParagraphProperties(new NumberingProperties(new NumberingLevelReference { Val = 0 }, new NumberingId { Val = 1 })), new Run(new Text(text)));

    private static TableRow Row(params string[] cells) => new(cells.Select(cell => new TableCell(Text(cell))));
}
