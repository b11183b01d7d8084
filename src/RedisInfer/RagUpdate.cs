namespace RedisInfer;

/// <summary>One piece of a streamed answer.</summary>
/// <param name="Text">Text to append; may be empty. All texts together are <see cref="RagAnswer.Text"/>.</param>
public sealed record RagUpdate(string Text)
{
    /// <summary>The passages the answer is generated from; set on the first update only.</summary>
    public IReadOnlyList<RagPassage>? Passages { get; init; }

    /// <summary>The whole answer; set on the last update only.</summary>
    public RagAnswer? Answer { get; init; }
}
