namespace RedisInfer;

/// <summary>Number format of keys and values in the KV cache.</summary>
public enum KvType
{
    /// <summary>16-bit floating point.</summary>
    F16,

    /// <summary>Blocks of 8-bit numbers with a shared scale: about half the memory of <see cref="F16"/>.</summary>
    Q8_0,
}
