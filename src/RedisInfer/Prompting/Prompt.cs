namespace RedisInfer.Prompting;

/// <summary>A prompt, ready for prefill.</summary>
/// <param name="Tokens">All tokens.</param>
/// <param name="Passages">The passages in it, in prompt order: the first is number 1.</param>
/// <param name="PartEnds">
/// One past the last token of each part that other questions may share: the system prefix, each passage, and the label before the question.
/// </param>
internal sealed record Prompt(int[] Tokens, IReadOnlyList<PromptPassage> Passages, int[] PartEnds)
{
    /// <summary>The form of the thought that it leaves open; <see langword="null"/>: none.</summary>
    public ThoughtForm? OpenThought { get; init; }
}
