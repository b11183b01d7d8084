namespace RedisInfer;

/// <summary>Which attention states are used again in place of being computed. Answers are the same in each case.</summary>
public enum KvReuse
{
    /// <summary>Those in Redis, stored by any process of the corpus, and those still in the context.</summary>
    Shared,

    /// <summary>Those still in the context of this process; nothing is stored.</summary>
    InProcess,

    /// <summary>None.</summary>
    Off,
}
