namespace RedisInfer;

/// <summary>Which cached KV states are reused. Answers do not depend on it.</summary>
public enum KvReuse
{
    /// <summary>
    /// KV blocks in Redis, stored by any process that uses the corpus, KV blocks in <see cref="KvCacheOptions.Directory"/> if it is set, and
    /// prefixes in the KV cache of this process.
    /// </summary>
    Shared,

    /// <summary>Prefixes in the KV cache of this process. Nothing is stored in Redis.</summary>
    InProcess,

    /// <summary>None.</summary>
    Off,

    /// <summary>
    /// KV blocks in <see cref="KvCacheOptions.Directory"/>, and prefixes in the KV cache of this process. No KV block is stored in Redis.
    /// </summary>
    Local,
}
