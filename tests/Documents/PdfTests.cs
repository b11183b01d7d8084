using RedisInfer.Tests.Support.Documents;

namespace RedisInfer.Tests.Documents;

public sealed class PdfTests
{
    [Fact]
    public async Task ColumnsAreReadOneAfterTheOther()
    {
        string[] left = ["The left column begins with this line", "and goes on with a second line of text", "until it ends in its third line."];
        string[] right = ["The right column is read after it and", "has some lines at the same heights as", "those of the left column beside it."];
        List<PdfText> page = [new PdfText(72, 740, "A paper in two columns", 18, "F2")];
        for (int i = 0; i < 3; i++)
        {
            page.Add(new PdfText(72, 700 - 12 * i, left[i]));
            page.Add(new PdfText(320, 700 - 12 * i, right[i]));
        }

        Assert.Equal(
            ["Heading1: A paper in two columns", "Paragraph: " + string.Join(' ', left), "Paragraph: " + string.Join(' ', right)],
            await Reading.BlocksAsync("paper.pdf", PdfWriter.Pages(page)));
    }

    [Theory]
    [InlineData("The regis-", "tration takes a day.", "The registration takes a day.")]
    [InlineData("A non-free pack-", "age needs a non-", "A non-free package needs a non-")]
    [InlineData("Read it well-", "Known as it is.", "Read it well-Known as it is.")]
    [InlineData("Pages 12-", "14 are missing.", "Pages 12- 14 are missing.")]
    public async Task WordsHyphenatedAtLineEndsAreJoined(string first, string second, string joined) =>
        Assert.Equal(
            ["Paragraph: " + joined],
            await Reading.BlocksAsync("a.pdf", PdfWriter.Pages([new PdfText(72, 700, first), new PdfText(72, 688, second)])));

    [Fact]
    public async Task HyphenOfACompoundStaysIfTheDocumentWritesItSo()
    {
        byte[] pdf = PdfWriter.Pages(
        [
            new PdfText(72, 700, "Every non-free program is listed here and"), new PdfText(72, 688, "each of them is non-"),
            new PdfText(72, 676, "free in its own way."),
        ]);
        Assert.Equal(
            ["Paragraph: Every non-free program is listed here and each of them is non-free in its own way."], await Reading.BlocksAsync("a.pdf", pdf));
    }

    [Fact]
    public async Task RunningHeadsFeetAndPageNumbersAreDropped()
    {
        byte[] pdf = PdfWriter.Pages([.. Enumerable.Range(1, 4).Select(i => (IReadOnlyList<PdfText>)
        [
            new PdfText(72, 760, "Harbour handbook", 8), new PdfText(500, 760, $"Chapter {i}", 8),
            new PdfText(72, 700, $"Text of page number {i} that belongs to the document."), new PdfText(300, 40, $"{i}", 8),
        ])]);

        Assert.Equal(
            Enumerable.Range(1, 4).Select(i => $"{i}: Text of page number {i} that belongs to the document."), await Reading.PagesAsync("a.pdf", pdf));
    }

    [Fact]
    public async Task HeadingsAreFoundByTypeSize()
    {
        byte[] pdf = PdfWriter.Pages("Handbook", compress: true,
        [
            new PdfText(72, 740, "Harbour", 20), new PdfText(72, 710, "Goods", 14, "F2"),
            new PdfText(72, 690, "Goods are declared a day before departure."), new PdfText(72, 660, "Ferries", 14, "F2"),
            new PdfText(72, 640, "Ferries leave every hour."),
        ]);

        Assert.Equal(
            [
                "Heading1: Harbour", "Heading2: Goods", "Paragraph: Goods are declared a day before departure.", "Heading2: Ferries",
                "Paragraph: Ferries leave every hour.",
            ],
            await Reading.BlocksAsync("a.pdf", pdf));
        Assert.Equal("Handbook", (await Reading.ReadAsync("a.pdf", pdf)).Title);
    }

    [Fact]
    public async Task RowsOfATableAreReadRowByRow()
    {
        List<PdfText> page = [new PdfText(72, 740, "These are the prices of all ferries that leave in the morning.")];
        string[][] rows = [["Ferry", "Price", "Dock"], ["Alpha", "12 EUR", "North"], ["Beta", "13 EUR", "South"]];
        for (int row = 0; row < 3; row++)
        {
            for (int column = 0; column < 3; column++)
                page.Add(new PdfText(72 + 120 * column, 700 - 14 * row, rows[row][column]));
        }

        Assert.Equal(
            [
                "Paragraph: These are the prices of all ferries that leave in the morning.", "TableHeader: Ferry | Price | Dock",
                "TableRow: Alpha | 12 EUR | North", "TableRow: Beta | 13 EUR | South",
            ],
            await Reading.BlocksAsync("a.pdf", PdfWriter.Pages(page)));
    }

    [Fact]
    public async Task CodeKeepsItsLinesAndListsTheirItems()
    {
        byte[] pdf = PdfWriter.Pages(
        [
            new PdfText(72, 740, "Run the program with these two lines of text:"), new PdfText(72, 720, "if ready:", 10, "F3"),
            new PdfText(96, 708, "start()", 10, "F3"), new PdfText(72, 680, "1. Open the door of the house."), new PdfText(72, 668, "2. Close the door of the house."),
        ]);
        Assert.Equal(
            [
                "Paragraph: Run the program with these two lines of text:", "Code: if ready:\n    start()", "ListItem: 1. Open the door of the house.",
                "ListItem: 2. Close the door of the house.",
            ],
            await Reading.BlocksAsync("a.pdf", pdf));
    }

    [Fact]
    public async Task ScanIsSkippedAndSaysSo() =>
        Assert.Contains("scan", await Reading.ReasonAsync("a.pdf", PdfWriter.Pages([])), StringComparison.Ordinal);
}
