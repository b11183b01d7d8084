using UglyToad.PdfPig.Core;
using UglyToad.PdfPig.PdfFonts;

namespace RedisInfer.Documents.Pdf;

/// <summary>A letter, turned so that its text runs from left to right.</summary>
internal readonly record struct PdfLetter(
    string Value, double Left, double Right, double Baseline, double Size, bool IsBold, bool IsMonospaced)
{
    private static readonly string[] MonospacedFonts =
        ["Mono", "Courier", "Consol", "Typewriter", "Menlo", "Fixed", "Code", "CMTT", "SFTT", "Inconsolata", "txtt", "LMTT", "Cousine"];

    public bool IsSpace => string.IsNullOrWhiteSpace(Value);

    /// <summary>Whether its place and size are numbers to reckon with.</summary>
    public bool IsUsable => IsNumber(Left) && IsNumber(Right) && IsNumber(Baseline) && IsNumber(Size) && Size >= 0.5;

    /// <summary>Creates a letter.</summary>
    /// <param name="value">Its text.</param>
    /// <param name="start">Start of its baseline.</param>
    /// <param name="end">End of its baseline.</param>
    /// <param name="size">Type size in points.</param>
    /// <param name="font">Its font; <see langword="null"/> if unknown.</param>
    /// <returns>The direction in quarter turns, and the letter. Slanted text counts as upright.</returns>
    public static (int Direction, PdfLetter Letter) Of(string? value, PdfPoint start, PdfPoint end, double size, FontDetails? font)
    {
        int direction = Math.Abs(end.Y - start.Y) <= Math.Abs(end.X - start.X) * 8
            ? start.X <= end.X ? 0 : 2
            : start.Y < end.Y ? 1 : 3;
        (double Left, double Right, double Baseline) place = direction switch
        {
            1 => (start.Y, end.Y, -start.X),
            2 => (-start.X, -end.X, -start.Y),
            3 => (-start.Y, -end.Y, start.X),
            _ => (start.X, end.X, start.Y),
        };
        string name = font?.Name ?? "";
        return (direction, new PdfLetter(
            value ?? "",
            place.Left,
            place.Right,
            place.Baseline,
            Math.Abs(size),
            font?.IsBold == true || name.Contains("Bold", StringComparison.OrdinalIgnoreCase),
            Array.Exists(MonospacedFonts, font => name.Contains(font, StringComparison.OrdinalIgnoreCase))));
    }

    private static bool IsNumber(double number) => double.IsFinite(number) && Math.Abs(number) < 1e6;
}
