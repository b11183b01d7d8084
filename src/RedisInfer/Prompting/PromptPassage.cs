namespace RedisInfer.Prompting;

/// <summary>A passage of a prompt.</summary>
/// <param name="Number">Its number in the prompt, from 1.</param>
/// <param name="Passage">The passage.</param>
/// <param name="Start">Position of its heading line in the prompt.</param>
/// <param name="HeadingCount">Tokens of its heading line.</param>
/// <param name="TokenCount">Tokens it takes, including its heading line.</param>
internal readonly record struct PromptPassage(int Number, Passage Passage, int Start, int HeadingCount, int TokenCount)
{
    /// <summary>Position of its text, whose tokens are the same in every prompt.</summary>
    public int TextStart => Start + HeadingCount;

    /// <summary>Position one past its last token.</summary>
    public int End => Start + TokenCount;

    /// <summary>The passage as the host sees it.</summary>
    public RagPassage ToRagPassage() => Passage.ToRagPassage(Number, TokenCount);
}
