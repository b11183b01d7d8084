namespace RedisInfer.Prompting;

/// <summary>What of a conversation goes into a prompt, each passage once.</summary>
/// <param name="Turns">The earlier turns, oldest first.</param>
/// <param name="Found">The passages before the question.</param>
internal sealed record PromptLayout(IReadOnlyList<EarlierTurn> Turns, IReadOnlyList<NumberedPassage> Found)
{
    /// <summary>Tokens of all passages, and of the texts of earlier turns.</summary>
    public int TokenCount => Turns.Sum(turn => turn.TextCount + Count(turn.Passages)) + Count(Found);

    private static int Count(IReadOnlyList<NumberedPassage> passages) => passages.Sum(passage => passage.TokenCount);
}
