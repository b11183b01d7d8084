namespace RedisInfer;

/// <summary>One piece of a streamed answer.</summary>
public sealed class RagUpdate
{
    /// <summary>Text to append; may be empty. All texts joined are <see cref="RagAnswer.Text"/>.</summary>
    public string Text { get; init; } = "";

    /// <summary>Thoughts of a reasoning model to append, before its answer; may be empty. They are <see cref="RagAnswer.Reasoning"/>.</summary>
    public string Reasoning { get; init; } = "";

    /// <summary>The passages of <see cref="RagAnswer.Passages"/>. Set in the first update only.</summary>
    public IReadOnlyList<RagPassage>? Passages { get; init; }

    /// <summary>The complete answer. Set in the last update only.</summary>
    public RagAnswer? Answer { get; init; }
}
