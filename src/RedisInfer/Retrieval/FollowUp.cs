namespace RedisInfer.Retrieval;

/// <summary>What the last turns of a conversation add to the search for a question.</summary>
/// <remarks>The weights were chosen on every other dialogue of the benchmark "conversation", with all-MiniLM-L6-v2 and by words alone.</remarks>
internal static class FollowUp
{
    private const float QuestionWeight = 0.4f;
    private const float AnswerWeight = 0.2f;

    // The weight of each turn before the last, compared with the turn after it.
    private const float Fading = 0.5f;
    private const int MaxTurns = 2;

    /// <summary>The texts by whose words is searched too, the last turn first.</summary>
    public static IEnumerable<EarlierText> Texts(IReadOnlyList<RagTurn> history)
    {
        float share = 1;
        foreach (RagTurn turn in history.Reverse().Take(MaxTurns))
        {
            yield return new EarlierText(turn.Question, share * QuestionWeight);
            yield return new EarlierText(turn.Answer, share * AnswerWeight);
            share *= Fading;
        }
    }

    /// <summary>The text whose meaning is searched too; none if there is no turn.</summary>
    public static IEnumerable<string> MeaningOf(IReadOnlyList<RagTurn> history) =>
        history.Count == 0 ? [] : [$"{history[^1].Question} {history[^1].Answer}"];
}
