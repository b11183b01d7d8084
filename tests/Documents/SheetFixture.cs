using DocumentFormat.OpenXml;
using DocumentFormat.OpenXml.Packaging;
using DocumentFormat.OpenXml.Spreadsheet;

namespace RedisInfer.Tests.Documents;

/// <summary>An XLSX of Microsoft's library, so that it is what programs write.</summary>
internal static class SheetFixture
{
    /// <summary>An XLSX with two sheets, shared and inline strings, a date, and an empty column.</summary>
    public static byte[] Write()
    {
        using var file = new MemoryStream();
        using (SpreadsheetDocument document = SpreadsheetDocument.Create(file, SpreadsheetDocumentType.Workbook))
        {
            WorkbookPart book = document.AddWorkbookPart();
            book.AddNewPart<WorkbookStylesPart>().Stylesheet = new Stylesheet(
                new Fonts(new Font()), new Fills(new Fill()), new Borders(new Border()), new CellStyleFormats(new CellFormat()),
                new CellFormats(new CellFormat(), new CellFormat { NumberFormatId = 14, ApplyNumberFormat = true }));
            book.AddNewPart<SharedStringTablePart>().SharedStringTable = new SharedStringTable(
                new SharedStringItem(new Text("Ferry")), new SharedStringItem(new Text("Alpha")));
            book.Workbook = new Workbook(new Sheets(
                Sheet(book, 1, "Prices", new SheetData(
                    new Row(Cell("A1", "Prices of 2026", CellValues.InlineString)),
                    new Row(Cell("A2", "0", CellValues.SharedString), Cell("B2", "Price", CellValues.InlineString), Cell("D2", "Since", CellValues.InlineString)),
                    new Row(Cell("A3", "1", CellValues.SharedString), Cell("B3", "12.5", CellValues.Number), Cell("D3", "46023", CellValues.Number, 1)))),
                Sheet(book, 2, "Docks", new SheetData(new Row(Cell("A1", "North", CellValues.InlineString), Cell("B1", "1", CellValues.Boolean))))));
        }

        return file.ToArray();
    }

    private static Cell Cell(string place, string value, CellValues type, uint style = 0) => type == CellValues.InlineString
        ? new Cell(new InlineString(new Text(value))) { CellReference = place, DataType = type }
        : new Cell(new CellValue(value)) { CellReference = place, DataType = type, StyleIndex = style };

    private static Sheet Sheet(WorkbookPart book, uint number, string name, SheetData data)
    {
        WorksheetPart part = book.AddNewPart<WorksheetPart>();
        part.Worksheet = new Worksheet(data);
        return new Sheet { Id = book.GetIdOfPart(part), SheetId = number, Name = name };
    }
}
