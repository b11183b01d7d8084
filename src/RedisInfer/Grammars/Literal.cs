namespace RedisInfer.Grammars;

/// <summary>A run of bytes.</summary>
/// <param name="bytes">The bytes; at least 1.</param>
/// <param name="index">Its number among the literals of the grammar.</param>
internal sealed class Literal(byte[] bytes, int index) : Symbol
{
    /// <summary>The bytes.</summary>
    public byte[] Bytes => bytes;

    /// <summary>Its number among the literals of the grammar.</summary>
    public int Index => index;
}
