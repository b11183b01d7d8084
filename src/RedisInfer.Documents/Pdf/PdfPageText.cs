namespace RedisInfer.Documents.Pdf;

/// <summary>The letters of a page, grouped by the direction of their text: upright first.</summary>
/// <param name="Directions">The letters of each direction, turned so that they run from left to right.</param>
internal sealed record PdfPageText(IReadOnlyList<List<PdfLetter>> Directions);
