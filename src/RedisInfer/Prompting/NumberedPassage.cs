namespace RedisInfer.Prompting;

/// <summary>A passage with its number in a conversation.</summary>
/// <param name="Number">Its number, from 1.</param>
/// <param name="Passage">The passage, with its tokens for the prompt.</param>
/// <param name="Heading">Tokens of the line before it.</param>
internal sealed record NumberedPassage(int Number, Passage Passage, int[] Heading)
{
    /// <summary>Tokens that it takes in the prompt.</summary>
    public int TokenCount => Heading.Length + Passage.Tokens.Length;

    /// <summary>Whether another passage would say the same.</summary>
    public bool IsSame(Passage other) => Passage.Path == other.Path && Passage.Trail == other.Trail && Passage.Text == other.Text;
}
