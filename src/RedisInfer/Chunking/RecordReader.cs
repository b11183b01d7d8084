using System.Globalization;
using System.Net.Mime;

namespace RedisInfer.Chunking;

/// <summary>Texts of records: tables of values (CSV, TSV) and JSON lines. Each record is a row.</summary>
internal static class RecordReader
{
    private const string TabSeparated = "text/tab-separated-values";
    private const string JsonLines = "application/jsonl";
    private const string Separators = ",;\t|";

    // A value in quotes may have several lines. With more, a quote is taken for a sign of the text.
    private const int MostLinesOfRecord = 64;

    /// <summary>Whether texts of this media type consist of records.</summary>
    public static bool CanRead(string mediaType) => mediaType is MediaTypeNames.Text.Csv or TabSeparated or JsonLines;

    /// <summary>Reads a document.</summary>
    /// <returns>Its rows; the first is the header, if it has one.</returns>
    public static List<TextBlock> Read(string document, string mediaType, NormalText output)
    {
        bool isJson = mediaType == JsonLines;
        List<TextBlock> rows = [];
        List<TextBlock> open = [];
        bool inQuotes = false;
        var lines = new DocumentLines(document);
        while (lines.MoveNext())
        {
            if (lines.Current.IsWhiteSpace() && !inQuotes)
                continue;
            int start = output.Append(lines.Current, lines.Number);
            open.Add(new TextBlock(TextBlockKind.TableRow, start, output.Length, lines.Number));
            inQuotes ^= !isJson && lines.Current.Count('"') % 2 == 1;
            if (!inQuotes)
                Close([open[0] with { End = open[^1].End }]);
            else if (open.Count == MostLinesOfRecord)
                Close(open);
        }

        Close(open);
        if (!isJson && rows.Count > 1 && HasHeader(output.Slice(rows[0].Start, rows[0].End), output.Slice(rows[1].Start, rows[1].End)))
            rows[0] = rows[0] with { Kind = TextBlockKind.TableHeader };
        return rows;

        void Close(IEnumerable<TextBlock> records)
        {
            rows.AddRange(records.Where(record => record.End > record.Start));
            open.Clear();
            inQuotes = false;
        }
    }

    /// <summary>Whether the first record has the column names. It has not if it has numbers where the second one has numbers.</summary>
    private static bool HasHeader(string first, string second)
    {
        char separator = Separators.MaxBy(sign => first.Count(other => other == sign));
        bool[] numbers = [.. first.Split(separator).Select(IsNumber)];
        return !numbers.Contains(true) || !numbers.SequenceEqual(second.Split(separator).Select(IsNumber));
    }

    /// <summary>Whether a value is a number. Years are names of columns, too.</summary>
    private static bool IsNumber(string value) =>
        double.TryParse(value.Trim().Trim('"').Replace(',', '.'), NumberStyles.Float, CultureInfo.InvariantCulture, out double number)
        && !(number is >= 1900 and <= 2100 && double.IsInteger(number));
}
