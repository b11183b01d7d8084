namespace RedisInfer;

/// <summary>When the attention state of a passage counts as the one that a prompt needs.</summary>
public enum PassageReuse
{
    /// <summary>When it was computed behind the same tokens. Answers are those of a prompt that is computed as a whole.</summary>
    Exact,

    /// <summary>
    /// Wherever it stands: each passage is computed once, behind the prompt's fixed beginning alone, and put in its place. Passages then
    /// do not attend to each other, and answers change; <c>RagRuntime.IndependentPassages</c> measures how much.
    /// </summary>
    Independent,
}
