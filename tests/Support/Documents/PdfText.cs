namespace RedisInfer.Tests.Support.Documents;

/// <summary>Text at a place of a page, in points from the lower left corner.</summary>
/// <param name="X">Left edge.</param>
/// <param name="Y">Baseline.</param>
/// <param name="Text">Text in Latin-1.</param>
/// <param name="Size">Type size.</param>
/// <param name="Font"><c>F1</c> Helvetica, <c>F2</c> Helvetica-Bold, <c>F3</c> Courier.</param>
public sealed record PdfText(double X, double Y, string Text, double Size = 10, string Font = "F1");
