namespace RedisInfer;

/// <summary>An answer with its sources and figures.</summary>
public sealed class RagAnswer
{
    /// <summary>The question.</summary>
    public required string Question { get; init; }

    /// <summary>
    /// The question as the model rewrote it for the search, see <see cref="FollowUpSearch.Rewritten"/>; <see langword="null"/> if it did not.
    /// </summary>
    public string? RewrittenQuestion { get; init; }

    /// <summary>The text of the answer, with citations such as <c>[1]</c> as the model wrote them.</summary>
    public required string Text { get; init; }

    /// <summary>
    /// What a reasoning model thought before it answered. It is not part of <see cref="Text"/>, and cites nothing. Empty: it did not think.
    /// </summary>
    public string Reasoning { get; init; } = "";

    /// <summary>
    /// The passages that the text cites, each once, in the order of their first citation. A text in JSON cites with <c>[1]</c> in a string,
    /// and with the numbers in an array of a property named <c>citations</c>.
    /// </summary>
    public required IReadOnlyList<RagCitation> Citations { get; init; }

    /// <summary>
    /// The passages that were retrieved for the question and are in the prompt, numbered as in the prompt. In a conversation, new passages
    /// have numbers after those of earlier turns. The text may cite the passages of earlier turns, too.
    /// </summary>
    public required IReadOnlyList<RagPassage> Passages { get; init; }

    /// <summary>Why the answer ended.</summary>
    public required RagFinishReason FinishReason { get; init; }

    /// <summary>
    /// Whether the text was written for an equal prompt before, or for an equal question asked at the same time. See
    /// <see cref="AnswerCacheOptions"/>.
    /// </summary>
    public bool FromCache { get; init; }

    /// <summary>Token counts of the prompt and the answer.</summary>
    public required RagUsage Usage { get; init; }

    /// <summary>Durations of the stages of the request.</summary>
    public required RagTimings Timings { get; init; }

    /// <summary>How passages and KV states were loaded from the store.</summary>
    public required RagContextLoad Context { get; init; }

    /// <summary>Which host answered; <see langword="null"/> if there is no cluster.</summary>
    public RagRoute? Route { get; init; }

    /// <summary>The answer as the model generated it; <see langword="null"/> if its tokens do not spell its text alone.</summary>
    internal GeneratedAnswer? Generated { get; init; }

    /// <summary>The same answer with what another host does not know of it.</summary>
    internal RagAnswer With(GeneratedAnswer? generated, RagRoute? route, RagTimings timings) => new()
    {
        Question = Question,
        RewrittenQuestion = RewrittenQuestion,
        Text = Text,
        Reasoning = Reasoning,
        Citations = Citations,
        Passages = Passages,
        FinishReason = FinishReason,
        FromCache = FromCache,
        Usage = Usage,
        Timings = timings,
        Context = Context,
        Route = route,
        Generated = generated,
    };
}
