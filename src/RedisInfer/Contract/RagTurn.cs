namespace RedisInfer;

/// <summary>
/// An earlier turn of a conversation: a question and its answer. <see cref="From"/> makes it of a <see cref="RagAnswer"/>, with everything
/// that keeps the next prompt the same from its beginning, so that little of it must be prefilled.
/// </summary>
/// <param name="Question">What the user asked; not empty.</param>
/// <param name="Answer">What was answered; not empty.</param>
public sealed record RagTurn(string Question, string Answer)
{
    // The most that an answer can have: 100 passages, each with 10 neighbors before and after it.
    internal const int MaxPassages = 2100;
    private const int MaxNumber = 1_000_000;

    /// <summary>
    /// The passages of the answer, with the numbers that it cites. They are put into the prompt as they are here, even if their documents
    /// have changed since, or the filter of the request excludes them. If two turns give one number to different passages, the later turn
    /// counts. Empty: the prompt has only the texts of this turn.
    /// </summary>
    public IReadOnlyList<RagPassage> Passages { get; init; } = [];

    /// <summary>The answer as the model generated it; <see langword="null"/> if that is not known.</summary>
    internal GeneratedAnswer? Generated { get; init; }

    /// <summary>Makes a turn of an answer.</summary>
    /// <param name="answer">The answer.</param>
    /// <returns>The turn, for <see cref="RagRequest.History"/> of the next question.</returns>
    public static RagTurn From(RagAnswer answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return new RagTurn(answer.Question, answer.Text) { Passages = answer.Passages, Generated = answer.Generated };
    }

    /// <summary>Finds the first problem with a turn.</summary>
    /// <param name="maxCharacters">Most characters of each of its texts.</param>
    /// <returns>What is wrong, without a subject, and what to do; <see langword="null"/> if nothing is.</returns>
    internal string? FindProblem(int maxCharacters)
    {
        if (string.IsNullOrWhiteSpace(Question) || string.IsNullOrWhiteSpace(Answer))
            return "has an empty question or answer: leave the turn out";
        if (Math.Max(Question.Length, Answer.Length) is var length && length > maxCharacters)
            return $"has a text of {length} characters: shorten it to {maxCharacters}, or leave the turn out";
        if (Passages is null || Passages.Count > MaxPassages)
            return $"has {Passages?.Count.ToString() ?? "null"} passages: give at most {MaxPassages}, or an empty list";
        if (Passages.Any(passage => passage is not { Path.Length: > 0, Text.Length: > 0, Trail: not null, AlsoIn: not null }))
            return "has a passage that is null, or lacks its path, text or trail: give the passages of the answer";
        if (Passages.FirstOrDefault(passage => passage.Number is < 1 or > MaxNumber) is { } odd)
            return $"has a passage with the number {odd.Number}: give the numbers that the answer cites, 1 to {MaxNumber}";
        return null;
    }
}
