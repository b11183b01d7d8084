using RedisInfer.Tests.Support.Documents;

namespace RedisInfer.Tests.Documents;

public sealed class OfficeTests
{
    [Fact]
    public async Task WordHasHeadingsListsTablesCodeAndNotes()
    {
        byte[] docx = WordFixture.Write();
        Assert.Equal(
            [
                "Heading1: Goods", "Paragraph: Goods are declared early.", "ListItem: - First item", "ListItem: - Second item", "Heading2: Prices",
                "Paragraph: The prices of 2026:", "TableHeader: Ferry | Price", "TableRow: Alpha | 12 EUR", "TableRow: Beta | 13 EUR",
                "Code: if ready:\n    go()", "Paragraph: The end.", "Paragraph: A note at the foot.",
            ],
            await Reading.BlocksAsync("a.docx", docx));
        Assert.Equal("Harbour handbook", (await Reading.ReadAsync("a.docx", docx)).Title);
        Assert.Contains("2: The prices of 2026:", await Reading.PagesAsync("a.docx", docx));
    }

    [Fact]
    public async Task SheetsHaveColumnNamesDatesAndTheirNumbersAsPages() =>
        Assert.Equal(
            ["1: Prices", "1: Prices of 2026", "1: Ferry | Price | | Since", "1: Alpha | 12.5 | | 2026-01-01", "2: Docks", "2: North | TRUE"],
            await Reading.PagesAsync("a.xlsx", SheetFixture.Write()));

    [Fact]
    public async Task SlidesBeginWithTheirTitles() =>
        Assert.Equal(
            ["1: Ferries", "1: - First point", "1: - Second point", "2: Prices", "2: Ferry | Price", "2: Alpha | 12"],
            await Reading.PagesAsync("a.pptx", SlideFixture.Write()));

    [Fact]
    public async Task OpenDocumentTextHasItsStructure() =>
        Assert.Equal(
            ["Heading1: Goods", $"Paragraph: {SampleDocuments.Sentence}", "ListItem: - First item", "TableHeader: Name | Price", "TableRow: Ferry | 12"],
            await Reading.BlocksAsync("a.odt", SampleDocuments.Of("odt")));

    [Fact]
    public async Task OpenDocumentSheetRepeatsNoMillionEmptyCells()
    {
        byte[] ods = ZipWriter.Write(
            ("mimetype", "application/vnd.oasis.opendocument.spreadsheet"),
            ("content.xml", """
                <o:document-content xmlns:o="o" xmlns:t="t" xmlns:x="x"><o:body><o:spreadsheet><t:table t:name="Docks">
                <t:table-row><t:table-cell><x:p>Dock</x:p></t:table-cell><t:table-cell><x:p>Depth</x:p></t:table-cell>
                <t:table-cell t:number-columns-repeated="1000000000"/></t:table-row>
                <t:table-row><t:table-cell><x:p>North</x:p></t:table-cell><t:table-cell><x:p>12 m</x:p></t:table-cell></t:table-row>
                <t:table-row t:number-rows-repeated="1000000000"><t:table-cell/></t:table-row></t:table></o:spreadsheet></o:body></o:document-content>
                """));
        Assert.Equal(["1: Docks", "1: Dock | Depth", "1: North | 12 m"], await Reading.PagesAsync("a.ods", ods));
    }

    [Theory]
    [InlineData("a.docx")]
    [InlineData("a.xlsx")]
    public async Task EncryptedOfficeFileIsSkippedAndSaysSo(string name)
    {
        byte[] file = [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[512], .. System.Text.Encoding.Unicode.GetBytes("EncryptedPackage")];
        Assert.Contains("encrypted", await Reading.ReasonAsync(name, file), StringComparison.Ordinal);
    }

    [Fact]
    public async Task OldOfficeFileIsSkippedWithAdvice() =>
        Assert.Contains(".docx", await Reading.ReasonAsync("a.doc", [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1, .. new byte[512]]), StringComparison.Ordinal);
}
