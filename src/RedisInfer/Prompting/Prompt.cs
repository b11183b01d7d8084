namespace RedisInfer.Prompting;

/// <summary>A prompt, ready for prefill.</summary>
/// <param name="Tokens">All tokens.</param>
/// <param name="Passages">The passages in it, in prompt order.</param>
/// <param name="PartEnds">
/// One past the last token of each part that other prompts may share: the system prefix, each passage, the label before a question, and the
/// answers of earlier turns.
/// </param>
internal sealed record Prompt(int[] Tokens, IReadOnlyList<PromptPassage> Passages, int[] PartEnds)
{
    /// <summary>The form of the thought that it leaves open; <see langword="null"/>: none.</summary>
    public ThoughtForm? OpenThought { get; init; }

    /// <summary>
    /// One past the last token that prompts of other conversations may share. What follows is worth no place in a store, except for the next
    /// question of the same conversation.
    /// </summary>
    public int SharedEnd { get; init; }

    /// <summary>The passages that were found for the question, with their numbers. Some may be before an earlier question.</summary>
    public IReadOnlyList<RagPassage> Found { get; init; } = [];
}
