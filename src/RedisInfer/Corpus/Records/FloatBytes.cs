using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RedisInfer.Corpus.Records;

/// <summary>32-bit floats as they are stored and sent: little-endian, one after another.</summary>
internal static class FloatBytes
{
    /// <summary>Writes numbers.</summary>
    /// <param name="values">The numbers.</param>
    /// <param name="destination">At least four bytes per number.</param>
    public static void Write(ReadOnlySpan<float> values, Span<byte> destination)
    {
        if (BitConverter.IsLittleEndian)
        {
            MemoryMarshal.AsBytes(values).CopyTo(destination);
            return;
        }

        for (int i = 0; i < values.Length; i++)
        {
            BinaryPrimitives.WriteSingleLittleEndian(destination[(i * sizeof(float))..], values[i]);
        }
    }

    /// <summary>Reads one number per four bytes.</summary>
    public static float[] Read(ReadOnlySpan<byte> bytes)
    {
        var values = new float[bytes.Length / sizeof(float)];
        Span<byte> raw = MemoryMarshal.AsBytes(values.AsSpan());
        bytes[..raw.Length].CopyTo(raw);
        if (!BitConverter.IsLittleEndian)
        {
            Span<int> bits = MemoryMarshal.Cast<byte, int>(raw);
            BinaryPrimitives.ReverseEndianness(bits, bits);
        }

        return values;
    }
}
