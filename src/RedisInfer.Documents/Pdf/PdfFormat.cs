using UglyToad.PdfPig;
using UglyToad.PdfPig.Exceptions;

namespace RedisInfer.Documents.Pdf;

/// <summary>PDF: the text in reading order, without running heads, with page numbers.</summary>
internal sealed class PdfFormat : IDocumentFormat
{
    // What a segment takes in memory beyond its letters, in characters of text.
    private const int SegmentChars = 16;

    /// <inheritdoc/>
    public IReadOnlyList<string> MediaTypes { get; } = ["application/pdf"];

    /// <inheritdoc/>
    public void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget)
    {
        try
        {
            using var stream = new WatchedStream(document, budget);
            using PdfDocument pdf = PdfDocument.Open(stream, new ParsingOptions
            {
                UseLenientParsing = true,
                SkipMissingFonts = true,
                MaxStackDepth = budget.Depth,
                FilterProvider = new PdfFilters(budget),
            });
            output.Title ??= TitleOf(pdf);
            pdf.AddPageFactory<PdfPageText, PdfTextFactory>();
            Write(pdf, output, budget);
        }
        catch (PdfDocumentEncryptedException)
        {
            throw new SkippedDocumentException("It is encrypted. Save it without a password.");
        }
    }

    private static void Write(PdfDocument pdf, StructuredText output, ReadingBudget budget)
    {
        // Sideways text of a page is read after its upright text, and has no running heads.
        List<List<PdfSegment>> upright = [];
        List<List<List<PdfSegment>>> sideways = [];
        for (int number = 1; number <= pdf.NumberOfPages; number++)
        {
            budget.Check();
            PdfPageText page = pdf.GetPage<PdfPageText>(number);
            List<List<PdfSegment>> directions = [.. page.Directions.Select(letters => PdfSegments.Of(letters, budget))];
            // The segments of all pages are in memory together.
            budget.SpendBlock(directions.Sum(segments => segments.Count) * SegmentChars);
            upright.Add(directions.Count > 0 ? directions[0] : []);
            sideways.Add(directions.Count > 1 ? directions.GetRange(1, directions.Count - 1) : []);
        }

        PdfRunningHeads.Drop(upright);
        List<PdfLine> text = [];
        for (int i = 0; i < upright.Count; i++)
        {
            PdfContents.Drop(upright[i]);
            foreach (List<PdfSegment> segments in sideways[i].Prepend(upright[i]))
                text.AddRange(new PdfReadingOrder(i + 1, budget).Read(segments));
        }

        if (text.Count == 0)
            throw new SkippedDocumentException("It has no text. It may be a scan: recognize its text (OCR) and save it with it.");
        new PdfParagraphs(text).Write(text, output);
    }

    // Programs write the file's name, or their own name, if the author has given no title.
    private static string? TitleOf(PdfDocument pdf)
    {
        string title = OneLine.Of(pdf.Information.Title ?? "");
        return title.Length is 0 or > 300 || title.StartsWith("Microsoft Word", StringComparison.OrdinalIgnoreCase)
            || title.StartsWith("untitled", StringComparison.OrdinalIgnoreCase) || title.Contains('\uFFFD') ? null : title;
    }
}
