using System.Text;
using System.Text.RegularExpressions;

namespace RedisInfer.Documents.Pdf;

/// <summary>Lines in reading order to headings, paragraphs, items of lists, code and rows of tables.</summary>
internal sealed partial class PdfParagraphs
{
    // Type at least so much larger than most of the text is a heading.
    private const double HeadingSize = 1.12;
    private const int LongestHeading = 200;
    private const int MostLevels = 6;

    // Between paragraphs there is at least so much more room than between lines.
    private const double ParagraphGap = 1.3;

    private readonly PdfHyphens _hyphens = new();
    private readonly double _bodySize;
    private readonly double _lineGap;
    private readonly double[] _headingSizes;
    private readonly StringBuilder _text = new();
    private PdfLine? _first;
    private PdfLine? _last;
    private DocumentBlockKind _kind;

    /// <summary>Measures the lines.</summary>
    public PdfParagraphs(IReadOnlyList<PdfLine> lines)
    {
        foreach (PdfLine line in lines)
            _hyphens.Learn(line.Text);
        PdfLine[] running = [.. lines.Where(line => line.Kind == PdfLineKind.Text)];
        _bodySize = Common(running.Select(line => (line.Size, line.Text.Length)), fallback: 10);
        _lineGap = Common(
            running.Zip(running.Skip(1)).Where(pair => Math.Abs(pair.First.Size - pair.Second.Size) < 0.3
                    && pair.First.Page == pair.Second.Page && pair.First.Baseline > pair.Second.Baseline)
                .Select(pair => (pair.First.Baseline - pair.Second.Baseline, pair.Second.Text.Length)),
            fallback: 1.2 * _bodySize) / _bodySize;
        _headingSizes = [.. running.Where(IsLarge).Select(line => Math.Round(line.Size)).Distinct().OrderDescending()];
    }

    /// <summary>Writes the blocks.</summary>
    public void Write(IReadOnlyList<PdfLine> lines, StructuredText output)
    {
        foreach (PdfLine line in lines)
        {
            DocumentBlockKind kind = KindOf(line);
            bool continues = _last is not null && Continues(line, kind);
            if (!continues)
                Flush(output);
            Append(line, kind, continues);
        }

        Flush(output);
    }

    private static double Common(IEnumerable<(double Value, int Weight)> values, double fallback) =>
        values.GroupBy(value => Math.Round(value.Value, 1)).OrderByDescending(group => group.Sum(value => (long)value.Weight))
            .Select(group => group.Key).FirstOrDefault(fallback) is > 0 and var common ? common : fallback;

    private DocumentBlockKind KindOf(PdfLine line)
    {
        if (line.Kind != PdfLineKind.Text)
            return line.Kind == PdfLineKind.TableHeader ? DocumentBlockKind.TableHeader : DocumentBlockKind.TableRow;
        if (IsLarge(line))
            return DocumentBlockKind.Heading;
        if (line.IsMonospaced)
            return DocumentBlockKind.Code;
        if (line.IsBold && line.Size >= _bodySize && NumberedTitle().IsMatch(line.Text) && line.Text.Length <= LongestHeading)
            return DocumentBlockKind.Heading;
        return ListItem().IsMatch(line.Text) ? DocumentBlockKind.ListItem : DocumentBlockKind.Paragraph;
    }

    private bool IsLarge(PdfLine line) =>
        line.Size >= HeadingSize * _bodySize && line.Text.Length <= LongestHeading && line.Text.Any(char.IsLetterOrDigit);

    private bool Continues(PdfLine line, DocumentBlockKind kind)
    {
        PdfLine last = _last!;
        double gap = last.Baseline - line.Baseline;
        bool below = last.Page == line.Page && gap > 0;
        bool near = below && gap <= ParagraphGap * _lineGap * Math.Max(line.Size, last.Size);
        if (_kind is DocumentBlockKind.TableHeader or DocumentBlockKind.TableRow)
            return false;
        if (_kind is DocumentBlockKind.Code || kind is DocumentBlockKind.Code)
            return _kind == kind && (below ? gap <= 2.5 * _lineGap * line.Size : line.Page <= last.Page + 1);
        if (_kind is DocumentBlockKind.Heading || kind is DocumentBlockKind.Heading)
            return _kind == kind && near && Math.Abs(line.Size - last.Size) < 0.5 && !NumberedTitle().IsMatch(line.Text);
        if (kind is not DocumentBlockKind.Paragraph)
            return false;

        bool ended = SentenceEnd().IsMatch(last.Text);
        if (last.Page == line.Page && Math.Abs(gap) <= 0.5 * line.Size)
            return true;
        if (!below)
            return !ended && last.Right > last.Column.Right - 0.2 * (last.Column.Right - last.Column.Left);
        if (!near)
            return false;
        return !ended || !StartsParagraph(line, last);
    }

    /// <summary>Whether a line after the end of a sentence begins a paragraph: the line before it is short, or it is indented.</summary>
    private static bool StartsParagraph(PdfLine line, PdfLine last)
    {
        double width = last.Column.Right - last.Column.Left;
        return last.Right < last.Column.Right - 0.25 * width || line.Left > last.Left + 0.8 * line.Size;
    }

    private void Append(PdfLine line, DocumentBlockKind kind, bool continues)
    {
        if (!continues)
        {
            (_first, _kind) = (line, kind);
            _text.Append(line.Text);
        }
        else if (_kind == DocumentBlockKind.Code)
        {
            // Indentation is in columns of the monospaced font, which is about 0.6 type sizes wide.
            int indent = (int)Math.Clamp((line.Left - _first!.Left) / (0.6 * line.Size), 0, 80);
            _text.Append('\n').Append(' ', indent).Append(line.Text);
        }
        else
        {
            int start = _text.ToString(Math.Max(0, _text.Length - 128), Math.Min(128, _text.Length)).LastIndexOf(' ') is >= 0 and var space
                ? Math.Max(0, _text.Length - 128) + space + 1
                : Math.Max(0, _text.Length - 128);
            string end = _text.ToString(start, _text.Length - start);
            _text.Length = start;
            _text.Append(_hyphens.Join(end, line.Text));
        }

        _last = line;
    }

    private void Flush(StructuredText output)
    {
        if (_first is { } first)
            output.Add(_kind, _text.ToString(), LevelOf(first), first.Page);
        _text.Clear();
        (_first, _last) = (null, null);
    }

    private int LevelOf(PdfLine first)
    {
        if (_kind != DocumentBlockKind.Heading)
            return 0;
        int rank = Array.IndexOf(_headingSizes, Math.Round(first.Size));
        return Math.Min(rank < 0 ? _headingSizes.Length + 1 : rank + 1, MostLevels);
    }

    [GeneratedRegex(@"[.!?:;][""'”’)\]]*$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"^(chapter\s+)?[A-Z0-9]{1,3}(\.\d{1,3}){0,5}\.?\s+\S", RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex NumberedTitle();

    [GeneratedRegex(@"^([•◦▪‣·○●■□*–—-]\s|\(?(\d{1,3}|[a-zA-Z]|[ivx]{1,5})[.)]\s+\S)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListItem();
}
