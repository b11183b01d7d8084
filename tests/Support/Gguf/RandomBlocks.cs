using System.Buffers.Binary;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// Random weights of large models, made without floats: a quantized block is a scale and random bytes. This fills gigabytes as fast
/// as a disk can write them.
/// </summary>
public static class RandomBlocks
{
    // Standard deviations of a uniform signed byte and of a uniform nibble.
    private const float ByteDeviation = 73.9f, NibbleDeviation = 4.61f;

    public static GgufTensor Make(string name, GgufTensorType type, long[] shape, ulong seed)
    {
        if (type is not (GgufTensorType.Q8_0 or GgufTensorType.Q4_0))
            throw new ArgumentOutOfRangeException(nameof(type), type, "Only block-quantized types can be made of random bytes.");
        float deviation = type == GgufTensorType.Q8_0 ? ByteDeviation : NibbleDeviation;
        var scale = (Half)(1 / (MathF.Sqrt(shape[0]) * deviation));
        int blockBytes = BlockQuantizer.BytesPerBlock(type);
        return GgufTensor.FromBlocks(name, type, shape, (offset, destination) =>
        {
            var random = new ModelRandom(seed, name, offset);
            for (int i = 0; i < destination.Length; i += blockBytes)
            {
                Span<byte> block = destination.Slice(i, blockBytes);
                random.Fill(block[2..]);
                // Codes reach one step further below zero than above. Scales of both signs keep the mean of a matrix at zero.
                BinaryPrimitives.WriteHalfLittleEndian(block, (block[2] & 1) == 0 ? scale : -scale);
            }
        });
    }
}
