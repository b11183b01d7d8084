namespace RedisInfer;

/// <summary>Number format of keys and values in the KV cache.</summary>
public enum KvType
{
    /// <summary>16-bit floating point.</summary>
    F16,

    /// <summary>8-bit blocks with a scale: about half the memory.</summary>
    Q8_0,
}
