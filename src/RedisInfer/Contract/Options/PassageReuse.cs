namespace RedisInfer;

/// <summary>When a passage's cached KV state may be reused in a prompt.</summary>
public enum PassageReuse
{
    /// <summary>Only after the same tokens. The answer is that of a prompt that is computed as a whole.</summary>
    Exact,

    /// <summary>
    /// At any position. The KV state of each passage is computed once, after the system prefix only, and shifted to its position in each
    /// prompt. Passages then do not attend to each other, and answers change. <c>RagRuntime.IndependentPassages</c> measures how much.
    /// </summary>
    Independent,
}
