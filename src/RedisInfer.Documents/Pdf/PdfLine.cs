namespace RedisInfer.Documents.Pdf;

/// <summary>A line of a page in reading order, or a row of a table.</summary>
internal sealed record PdfLine(PdfLineKind Kind, string Text, int Page)
{
    public required double Left { get; init; }

    public required double Right { get; init; }

    public required double Baseline { get; init; }

    public required double Size { get; init; }

    public required bool IsBold { get; init; }

    public required bool IsMonospaced { get; init; }

    /// <summary>Left and right edge of the column.</summary>
    public required (double Left, double Right) Column { get; init; }

    /// <summary>Joins segments of one line, from left to right.</summary>
    public static PdfLine Of(IReadOnlyList<PdfSegment> segments, int page, (double Left, double Right) column)
    {
        PdfSegment main = segments.MaxBy(segment => segment.Text.Length)!;
        string text = segments[0].Text;
        for (int i = 1; i < segments.Count; i++)
        {
            bool apart = PdfSegment.IsWordGap(segments[i].Left - segments[i - 1].Right, main.Size);
            text += apart ? " " + segments[i].Text : segments[i].Text;
        }

        return new PdfLine(PdfLineKind.Text, text, page)
        {
            Left = segments[0].Left,
            Right = segments.Max(segment => segment.Right),
            Baseline = main.Baseline,
            Size = main.Size,
            IsBold = segments.All(segment => segment.IsBold),
            IsMonospaced = segments.All(segment => segment.IsMonospaced),
            Column = column,
        };
    }
}
