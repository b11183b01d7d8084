namespace RedisInfer;

/// <summary>Which cached KV states are reused. Answers do not depend on it.</summary>
public enum KvReuse
{
    /// <summary>
    /// KV blocks in Redis, stored by any process that uses the corpus, KV blocks in <see cref="KvCacheOptions.Directory"/> if it is set, and
    /// KV blocks in the memory of this process.
    /// </summary>
    Shared,

    /// <summary>KV blocks in the memory of this process. Nothing is stored in Redis.</summary>
    InProcess,

    /// <summary>None.</summary>
    Off,

    /// <summary>
    /// KV blocks in <see cref="KvCacheOptions.Directory"/>, and KV blocks in the memory of this process. Nothing is stored in Redis.
    /// </summary>
    Local,
}
