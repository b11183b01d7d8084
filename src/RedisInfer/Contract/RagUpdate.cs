namespace RedisInfer;

/// <summary>One piece of a streamed answer.</summary>
public sealed class RagUpdate
{
    /// <summary>Text to append; may be empty. All texts together are <see cref="RagAnswer.Text"/>.</summary>
    public string Text { get; init; } = "";

    /// <summary>The passages the answer is generated from; set on the first update only.</summary>
    public IReadOnlyList<RagPassage>? Passages { get; init; }

    /// <summary>The whole answer; set on the last update only.</summary>
    public RagAnswer? Answer { get; init; }
}
