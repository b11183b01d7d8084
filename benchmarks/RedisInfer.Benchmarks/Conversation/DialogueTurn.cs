namespace RedisInfer.Benchmarks.Conversation;

/// <summary>A turn of a written dialogue.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">What a model would answer.</param>
/// <param name="Path">File that contains the answer; <see langword="null"/> for the first turn, which is not measured.</param>
/// <param name="Text">A few words that a passage with the answer contains.</param>
/// <param name="Kind"><c>dependent</c>: the question cannot be understood alone. <c>complete</c>: it can, and is about something else.</param>
internal sealed record DialogueTurn(string Question, string Answer, string? Path, string? Text, string? Kind)
{
    /// <summary>Whether a passage has the answer.</summary>
    public bool IsIn(RagPassage passage) =>
        passage.Path == Path && Squeeze(passage.Text).Contains(Squeeze(Text!), StringComparison.Ordinal);

    public RagTurn ToTurn() => new(Question, Answer);

    private static string Squeeze(string text) => string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
