using System.Buffers.Binary;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// Encodes rows of floats as ggml stores them. The block layouts are those of ggml-common.h. A Q8_0 block is a half-precision scale
/// and 32 signed bytes. A Q4_0 block is a half-precision scale and 16 bytes: the low nibbles hold the first 16 values, the high
/// nibbles the last 16. Each nibble is offset by 8.
/// </summary>
public static class BlockQuantizer
{
    /// <summary>Values per block of Q8_0 and Q4_0.</summary>
    public const int BlockLength = 32;

    public static int ElementsPerBlock(GgufTensorType type) =>
        type is GgufTensorType.F32 or GgufTensorType.F16 ? 1 : BlockLength;

    public static int BytesPerBlock(GgufTensorType type) => type switch
    {
        GgufTensorType.F32 => 4,
        GgufTensorType.F16 => 2,
        GgufTensorType.Q4_0 => 2 + (BlockLength / 2),
        GgufTensorType.Q8_0 => 2 + BlockLength,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown tensor type."),
    };

    /// <summary>The size of <paramref name="elements"/> values in bytes.</summary>
    public static long ByteCount(GgufTensorType type, long elements)
    {
        int perBlock = ElementsPerBlock(type);
        if (elements % perBlock != 0)
            throw new ArgumentException($"A row of {elements} values is not a whole number of {type} blocks of {perBlock}.", nameof(elements));
        return elements / perBlock * BytesPerBlock(type);
    }

    public static void Encode(GgufTensorType type, ReadOnlySpan<float> source, Span<byte> destination)
    {
        int elements = ElementsPerBlock(type), bytes = BytesPerBlock(type);
        for (int i = 0; i < source.Length / elements; i++)
        {
            ReadOnlySpan<float> from = source.Slice(i * elements, elements);
            Span<byte> to = destination.Slice(i * bytes, bytes);
            switch (type)
            {
                case GgufTensorType.F32: BinaryPrimitives.WriteSingleLittleEndian(to, from[0]); break;
                case GgufTensorType.F16: BinaryPrimitives.WriteHalfLittleEndian(to, (Half)from[0]); break;
                case GgufTensorType.Q8_0: EncodeQ8(from, to); break;
                case GgufTensorType.Q4_0: EncodeQ4(from, to); break;
                default: throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown tensor type.");
            }
        }
    }

    public static void Decode(GgufTensorType type, ReadOnlySpan<byte> source, Span<float> destination)
    {
        int elements = ElementsPerBlock(type), bytes = BytesPerBlock(type);
        for (int i = 0; i < destination.Length / elements; i++)
        {
            ReadOnlySpan<byte> from = source.Slice(i * bytes, bytes);
            Span<float> to = destination.Slice(i * elements, elements);
            switch (type)
            {
                case GgufTensorType.F32: to[0] = BinaryPrimitives.ReadSingleLittleEndian(from); break;
                case GgufTensorType.F16: to[0] = (float)BinaryPrimitives.ReadHalfLittleEndian(from); break;
                case GgufTensorType.Q8_0: DecodeQ8(from, to); break;
                case GgufTensorType.Q4_0: DecodeQ4(from, to); break;
                default: throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown tensor type.");
            }
        }
    }

    private static void EncodeQ8(ReadOnlySpan<float> source, Span<byte> destination)
    {
        float largest = 0;
        foreach (float value in source)
            largest = MathF.Max(largest, MathF.Abs(value));
        float scale = largest / 127;
        float inverse = scale == 0 ? 0 : 1 / scale;
        BinaryPrimitives.WriteHalfLittleEndian(destination, (Half)scale);
        for (int i = 0; i < source.Length; i++)
            destination[2 + i] = unchecked((byte)(sbyte)MathF.Round(source[i] * inverse, MidpointRounding.AwayFromZero));
    }

    private static void DecodeQ8(ReadOnlySpan<byte> source, Span<float> destination)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
        for (int i = 0; i < destination.Length; i++)
            destination[i] = unchecked((sbyte)source[2 + i]) * scale;
    }

    private static void EncodeQ4(ReadOnlySpan<float> source, Span<byte> destination)
    {
        // The value of largest magnitude, with its sign, gets code 0 (-8), the one end of the range that has no counterpart.
        float extreme = 0;
        foreach (float value in source)
        {
            if (MathF.Abs(value) > MathF.Abs(extreme))
                extreme = value;
        }

        float scale = extreme / -8;
        float inverse = scale == 0 ? 0 : 1 / scale;
        BinaryPrimitives.WriteHalfLittleEndian(destination, (Half)scale);
        const int half = BlockLength / 2;
        for (int i = 0; i < half; i++)
            destination[2 + i] = (byte)(Nibble(source[i] * inverse) | (Nibble(source[half + i] * inverse) << 4));

        static int Nibble(float value) => Math.Min(15, (int)(value + 8.5f));
    }

    private static void DecodeQ4(ReadOnlySpan<byte> source, Span<float> destination)
    {
        float scale = (float)BinaryPrimitives.ReadHalfLittleEndian(source);
        const int half = BlockLength / 2;
        for (int i = 0; i < half; i++)
        {
            destination[i] = ((source[2 + i] & 15) - 8) * scale;
            destination[half + i] = ((source[2 + i] >> 4) - 8) * scale;
        }
    }
}
