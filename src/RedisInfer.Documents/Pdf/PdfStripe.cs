namespace RedisInfer.Documents.Pdf;

/// <summary>A vertical stripe of a page without text.</summary>
internal readonly record struct PdfStripe(double Left, double Right)
{
    public double Width => Right - Left;

    /// <summary>Whether the stripe is to the right of a segment.</summary>
    public bool IsRightOf(PdfSegment segment) => segment.Right <= Left + 0.01;

    /// <summary>What is left of the stripes if a segment is put on them, as far as it is wide enough.</summary>
    public static List<PdfStripe> Without(List<PdfStripe> stripes, PdfSegment segment, double narrowest)
    {
        List<PdfStripe> rest = new(stripes.Count + 1);
        foreach (PdfStripe stripe in stripes)
        {
            if (segment.Right <= stripe.Left || segment.Left >= stripe.Right)
            {
                rest.Add(stripe);
                continue;
            }

            if (segment.Left - stripe.Left >= narrowest)
                rest.Add(stripe with { Right = segment.Left });
            if (stripe.Right - segment.Right >= narrowest)
                rest.Add(stripe with { Left = segment.Right });
        }

        return rest;
    }
}
