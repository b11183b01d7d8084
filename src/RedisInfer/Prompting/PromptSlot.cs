namespace RedisInfer.Prompting;

/// <summary>What is put between two fixed parts of a prompt.</summary>
internal enum PromptSlot
{
    /// <summary>The instructions of the request.</summary>
    Instructions,

    /// <summary>Passages and a question.</summary>
    Question,

    /// <summary>An answer of an earlier turn.</summary>
    Answer,
}
