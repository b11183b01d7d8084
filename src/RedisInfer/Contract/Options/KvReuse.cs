namespace RedisInfer;

/// <summary>Which cached KV states are reused. Answers do not depend on it.</summary>
public enum KvReuse
{
    /// <summary>KV blocks in Redis, stored by any process that uses the corpus, and those in the memory of this process.</summary>
    Shared,

    /// <summary>KV blocks in the memory of this process. Nothing is stored in Redis.</summary>
    InProcess,

    /// <summary>None.</summary>
    Off,
}
