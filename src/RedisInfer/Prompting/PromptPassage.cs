namespace RedisInfer.Prompting;

/// <summary>A passage of a prompt.</summary>
/// <param name="Number">Its number in the prompt, from 1.</param>
/// <param name="Passage">The passage.</param>
/// <param name="Start">Where its heading line begins in the prompt's tokens.</param>
/// <param name="HeadingCount">Tokens of its heading line.</param>
/// <param name="TokenCount">Tokens it takes, its heading line included.</param>
internal readonly record struct PromptPassage(int Number, Passage Passage, int Start, int HeadingCount, int TokenCount)
{
    /// <summary>Where its text begins: tokens that are the same in every prompt.</summary>
    public int TextStart => Start + HeadingCount;

    /// <summary>One past its last token.</summary>
    public int End => Start + TokenCount;

    /// <summary>The passage as the host sees it.</summary>
    public RagPassage ToRagPassage() => Passage.ToRagPassage(Number, TokenCount);
}
