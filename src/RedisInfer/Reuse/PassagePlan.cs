namespace RedisInfer.Reuse;

/// <summary>The passages of a prompt that are computed without each other.</summary>
/// <param name="HeadEnd">Tokens of the beginning that stands before all of them.</param>
/// <param name="Parts">The passages in the order of the prompt; those that are computed in their place as a whole are not among them.</param>
internal sealed record PassagePlan(int HeadEnd, IReadOnlyList<PassagePart> Parts)
{
    /// <summary>KV cells that are needed beside the prompt's: one passage at a time is computed aside.</summary>
    public int AsideCells => Parts.Max(part => part.AsideCount);
}
