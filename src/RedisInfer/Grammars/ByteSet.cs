namespace RedisInfer.Grammars;

/// <summary>One byte out of a set.</summary>
internal sealed class ByteSet : Symbol
{
    private readonly ulong[] _bits = new ulong[4];

    /// <summary>Creates a set.</summary>
    /// <param name="ranges">First and last byte of each range.</param>
    public ByteSet(params ReadOnlySpan<(byte First, byte Last)> ranges)
    {
        foreach ((byte first, byte last) in ranges)
        {
            for (int value = first; value <= last; value++)
            {
                _bits[value >> 6] |= 1UL << (value & 63);
            }
        }
    }

    /// <summary>Whether the set has a byte.</summary>
    public bool Contains(byte value) => (_bits[value >> 6] >> (value & 63) & 1) != 0;
}
