namespace RedisInfer.Reuse;

/// <summary>The passages of a prompt that are computed independently.</summary>
/// <param name="HeadEnd">Tokens of the system prefix, which comes before all passages.</param>
/// <param name="Parts">The passages in the order of the prompt. Passages that are prefilled in the prompt as a whole are left out.</param>
internal sealed record PassagePlan(int HeadEnd, IReadOnlyList<PassagePart> Parts);
