using System.Text;

namespace RedisInfer.Documents.Office;

/// <summary>XLSX: the rows of all sheets. The first row with several cells is the header of those below it.</summary>
internal sealed class SheetsFormat : IDocumentFormat
{
    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = [OfficeFiles.SheetType, OfficeFiles.SheetMacroType];

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget)
    {
        using var zip = new ZipPackage(document, budget);
        string main = OfficeFiles.MainPart(zip, "xl/workbook.xml");
        output.Title ??= OfficeFiles.Title(zip);
        Dictionary<string, (string Type, string Path)> parts = zip.Relationships(main);
        using XmlPart? styles = Open("styles");
        using XmlPart? strings = Open("sharedStrings");
        (List<(string Name, string Id)> sheets, bool since1904) = Sheets(zip, main);
        var values = new CellValues(SharedStrings(strings), styles, since1904);
        for (int i = 0; i < sheets.Count; i++)
        {
            if (!parts.TryGetValue(sheets[i].Id, out (string Type, string Path) sheet)
                || !sheet.Type.EndsWith("/worksheet", StringComparison.Ordinal))
                continue;
            using XmlPart part = zip.OpenXml(sheet.Path);
            output.Add(DocumentBlockKind.Heading, sheets[i].Name, level: 1, page: i + 1);
            new SheetRows(values, output, i + 1).Read(part);
        }

        XmlPart? Open(string type) =>
            parts.Values.FirstOrDefault(part => part.Type.EndsWith("/" + type, StringComparison.Ordinal)).Path is { } path
                ? zip.TryOpenXml(path) : null;
    }

    private static (List<(string Name, string Id)> Sheets, bool Since1904) Sheets(ZipPackage zip, string main)
    {
        List<(string Name, string Id)> sheets = [];
        bool since1904 = false;
        using XmlPart part = zip.OpenXml(main);
        while (part.Read())
        {
            if (part.IsStart("workbookPr"))
                since1904 = part.Attribute("date1904") is "1" or "true";
            else if (part.IsStart("sheet") && part.QualifiedAttribute("id") is { } id)
                sheets.Add((part.Attribute("name") ?? "", id));
        }

        return (sheets, since1904);
    }

    private static List<string> SharedStrings(XmlPart? part)
    {
        List<string> strings = [];
        var text = new StringBuilder();
        while (part?.Read() == true)
        {
            if (part.IsStart("t"))
                text.Append(part.ReadText());
            else if (part.IsStart("rPh"))
                part.Skip();
            else if (part.IsEnd("si") || (part.IsStart("si") && part.IsEmpty))
            {
                strings.Add(text.ToString());
                text.Clear();
            }
        }

        return strings;
    }
}
