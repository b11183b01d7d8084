namespace RedisInfer;

/// <summary>A question and its settings. A setting that is <see langword="null"/> comes from <see cref="RedisInferOptions"/>.</summary>
/// <param name="Question">
/// The question as the user wrote it; not empty, and at most 16 characters for each token of <see cref="CapacityOptions.ContextSize"/>.
/// Control tokens in it are treated as plain text.
/// </param>
public sealed record RagRequest(string Question)
{
    /// <summary>Most turns of <see cref="History"/>.</summary>
    public const int MaxHistoryTurns = 100;

    /// <summary>
    /// The earlier turns of the conversation, oldest first; at most <see cref="MaxHistoryTurns"/>. They are in the prompt as turns of the
    /// model's chat template. Of what does not fit, the oldest passages are left out first, then the oldest turns.
    /// <list type="bullet">
    /// <item><see langword="null"/>: the question is not part of a conversation.</item>
    /// <item>Empty: it begins one. The KV state of its answer is kept in memory for the next question.</item>
    /// </list>
    /// </summary>
    public IReadOnlyList<RagTurn>? History { get; init; }

    /// <summary>How passages are searched if there is a <see cref="History"/>.</summary>
    public FollowUpSearch? FollowUp { get; init; }

    /// <summary>
    /// Instructions after <see cref="RedisInferOptions.SystemPrompt"/>, such as the language of the answer; at most as long as a question.
    /// Control tokens in them are treated as plain text. Empty: none.
    /// </summary>
    public string Instructions { get; init; } = "";

    /// <summary>Most passages to retrieve, 1 to 100.</summary>
    public int? TopK { get; init; }

    /// <summary>Minimum score of a passage, a cosine similarity of -1 to 1.</summary>
    public float? MinScore { get; init; }

    /// <summary>How passages are searched.</summary>
    public RetrievalMode? Retrieval { get; init; }

    /// <summary>Which documents may supply passages; <see langword="null"/>: all.</summary>
    public RagFilter? Filter { get; init; }

    /// <summary>Neighbors: chunks before and after each passage that are added to the prompt if they fit, 0 to 10.</summary>
    public int? Neighbors { get; init; }

    /// <summary>Most tokens to generate; at least 1.</summary>
    public int? MaxOutputTokens { get; init; }

    /// <summary>
    /// Most tokens that a reasoning model may think; 0 or more. Then its thought is ended and it answers. The thoughts count as
    /// <see cref="MaxOutputTokens"/>, too.
    /// </summary>
    public int? MaxReasoningTokens { get; init; }

    /// <summary>
    /// Name of the caller, for example a user or a tenant; at most 1024 characters. Waiting requests are served in turns, one caller after
    /// another, so a caller with many requests does not block the others. Requests with the default, an empty name, count as one caller's.
    /// </summary>
    public string Caller { get; init; } = "";

    /// <summary>
    /// Requests that one turn of the caller starts, 1 to 100. A caller with 3 gets three times as much as one with 1. Default: 1.
    /// </summary>
    public int Priority { get; init; } = 1;

    /// <summary>When a passage's cached KV state may be reused in the prompt.</summary>
    public PassageReuse? PassageReuse { get; init; }

    /// <summary>How the next token is chosen.</summary>
    public SamplingOptions? Sampling { get; init; }

    /// <summary>
    /// What the text of the answer must be; <see langword="null"/>: any text. Not together with <see cref="StopSequences"/>.
    /// </summary>
    public RagResponseFormat? ResponseFormat { get; init; }

    /// <summary>
    /// The answer ends before the first occurrence of one of these; at most 32 of at most 256 characters. Empty strings are an error.
    /// </summary>
    public IReadOnlyList<string> StopSequences { get; init; } = [];
}
