namespace RedisInfer.Prompting;

/// <summary>An earlier turn of a conversation as tokens.</summary>
/// <param name="Question">Tokens of the question, with its label.</param>
/// <param name="Answer">Tokens of the answer, as they were generated if that is known.</param>
/// <param name="Passages">Its passages, in the order of the prompt that it was asked with.</param>
internal sealed record EarlierTurn(int[] Question, int[] Answer, IReadOnlyList<NumberedPassage> Passages)
{
    /// <summary>Tokens of its texts.</summary>
    public int TextCount => Question.Length + Answer.Length;
}
