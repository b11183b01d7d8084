namespace RedisInfer;

/// <summary>An answer, where it comes from, and what it cost.</summary>
public sealed class RagAnswer
{
    /// <summary>The question it answers.</summary>
    public required string Question { get; init; }

    /// <summary>The answer, with citations such as <c>[1]</c> as the model wrote them.</summary>
    public required string Text { get; init; }

    /// <summary>The passages that the text cites, in the order of first citation, each once.</summary>
    public required IReadOnlyList<RagCitation> Citations { get; init; }

    /// <summary>The passages the model was given, numbered as in the prompt.</summary>
    public required IReadOnlyList<RagPassage> Passages { get; init; }

    /// <summary>Why the text ended.</summary>
    public required RagFinishReason FinishReason { get; init; }

    /// <summary>Tokens read and generated.</summary>
    public required RagUsage Usage { get; init; }

    /// <summary>Where the time went.</summary>
    public required RagTimings Timings { get; init; }

    /// <summary>How the context reached the engine.</summary>
    public required RagContextLoad Context { get; init; }
}
