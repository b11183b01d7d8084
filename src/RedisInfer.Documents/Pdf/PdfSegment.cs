using System.Globalization;
using System.Text;

namespace RedisInfer.Documents.Pdf;

/// <summary>Letters on one baseline without a wide gap. Lengths are in points; y grows upwards.</summary>
internal sealed class PdfSegment
{
    // In type sizes. Spaces between words are a quarter to a third, in tight lines half of that; kerning is below a tenth.
    private const double WordGap = 0.17;
    private const double TightWordGap = 0.1;

    // So many letters tell how far the letters of a line are apart.
    private const int TellingLetters = 8;

    public required string Text { get; init; }

    public required double Left { get; init; }

    public required double Right { get; init; }

    public required double Baseline { get; init; }

    /// <summary>Type size of most letters.</summary>
    public required double Size { get; init; }

    public required bool IsBold { get; init; }

    public required bool IsMonospaced { get; init; }

    public int WordCount => Text.Count(c => c == ' ') + 1;

    /// <summary>Whether two neighbors with this gap are different words.</summary>
    public static bool IsWordGap(double gap, double size) => gap > WordGap * size;

    /// <summary>Joins letters of one baseline, in order of their left edge; <see langword="null"/> if all are white space.</summary>
    public static PdfSegment? Of(IReadOnlyList<PdfLetter> letters)
    {
        double wordGap = WordGapOf(letters);
        var text = new StringBuilder();
        PdfLetter? last = null;
        bool space = false;
        foreach (PdfLetter letter in letters)
        {
            if (letter.IsSpace)
            {
                space = true;
                continue;
            }

            // Bold type is sometimes faked by printing a letter twice.
            if (last is { } twin && twin.Value == letter.Value && letter.Left - twin.Left < 0.15 * twin.Size)
                continue;
            if (last is { } before && text.Length > 0 && (space || letter.Left - before.Right > wordGap * Math.Min(before.Size, letter.Size)))
                text.Append(' ');
            Append(text, letter.Value);
            (last, space) = (letter, false);
        }

        List<PdfLetter> visible = [.. letters.Where(letter => !letter.IsSpace)];
        if (visible.Count == 0)
            return null;
        return new PdfSegment
        {
            Text = text.ToString(),
            Left = visible.Min(letter => letter.Left),
            Right = visible.Max(letter => letter.Right),
            Baseline = visible[0].Baseline,
            Size = visible.GroupBy(letter => Math.Round(letter.Size, 1)).MaxBy(group => group.Count())!.Key,
            IsBold = visible.Count(letter => letter.IsBold) * 10 >= visible.Count * 9,
            IsMonospaced = visible.Count(letter => letter.IsMonospaced) * 10 >= visible.Count * 9,
        };
    }

    private static double WordGapOf(IReadOnlyList<PdfLetter> letters)
    {
        // Leaders to a page number are dots with gaps of their own.
        PdfLetter[] visible = [.. letters.Where(letter => !letter.IsSpace && letter.Value != ".")];
        if (visible.Length < TellingLetters)
            return WordGap;
        double[] gaps = [.. visible.Zip(visible.Skip(1), (left, right) => (right.Left - left.Right) / right.Size).Order()];
        return TightWordGap + Math.Clamp(gaps[gaps.Length / 2], 0, 0.5);
    }

    /// <summary>Appends a letter's text: ligatures as letters, no control characters and no halves of surrogate pairs.</summary>
    private static void Append(StringBuilder text, string value)
    {
        foreach (Rune rune in value.EnumerateRunes())
        {
            string? ligature = rune.Value switch
            {
                0xFB00 => "ff",
                0xFB01 => "fi",
                0xFB02 => "fl",
                0xFB03 => "ffi",
                0xFB04 => "ffl",
                0xFB05 or 0xFB06 => "st",
                _ => null,
            };
            if (ligature is not null)
                text.Append(ligature);
            else if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.PrivateUse))
                text.Append(rune.ToString());
        }
    }
}
