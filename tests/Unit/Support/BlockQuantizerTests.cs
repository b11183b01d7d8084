using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Unit.Support;

public sealed class BlockQuantizerTests
{
    // Half a step of each encoding, as a share of the block's largest magnitude, plus the loss of the half-precision scale (2^-11
    // of every code). Q4_0 has no code +8: a value opposite to the extreme is clipped to 7, one whole step off.
    [Theory]
    [InlineData(GgufTensorType.F32, 0)]
    [InlineData(GgufTensorType.F16, 1 / 2048.0)]
    [InlineData(GgufTensorType.Q8_0, (0.5 / 127) + (1 / 2048.0))]
    [InlineData(GgufTensorType.Q4_0, (1 / 8.0) + (1 / 2048.0))]
    public void ARoundTripStaysWithinTheStepOfTheEncoding(GgufTensorType type, double largestError)
    {
        var random = new ModelRandom(11);
        for (int round = 0; round < 200; round++)
        {
            float[] values = new float[BlockQuantizer.BlockLength];
            random.Fill(values, MathF.Pow(2, (round % 16) - 8));

            float[] decoded = RoundTrip(type, values);

            float largest = values.Max(MathF.Abs);
            for (int i = 0; i < values.Length; i++)
                Assert.InRange(Math.Abs(values[i] - decoded[i]), 0, largest * largestError);
        }
    }

    [Theory]
    [InlineData(GgufTensorType.Q8_0)]
    [InlineData(GgufTensorType.Q4_0)]
    public void ABlockOfZerosStaysZero(GgufTensorType type) =>
        Assert.All(RoundTrip(type, new float[BlockQuantizer.BlockLength]), value => Assert.Equal(0, value));

    [Fact]
    public void Q4PutsTheFirstHalfOfABlockIntoLowNibbles()
    {
        float[] values = new float[BlockQuantizer.BlockLength];
        values[0] = -8;
        values[16] = 7;
        byte[] block = new byte[18];

        BlockQuantizer.Encode(GgufTensorType.Q4_0, values, block);

        // Scale 1.0 in half precision. Then code 0 for -8 in the low nibble and code 15 for 7 in the high nibble. Zeros are code 8.
        Assert.Equal([0x00, 0x3C, 0xF0, 0x88], block[..4]);
    }

    [Fact]
    public void Q8RoundsTheExtremesToTheEndsOfItsRange()
    {
        float[] values = new float[BlockQuantizer.BlockLength];
        values[0] = 127;
        values[1] = -127;
        values[2] = 2.5f;
        byte[] block = new byte[34];

        BlockQuantizer.Encode(GgufTensorType.Q8_0, values, block);

        Assert.Equal([0x00, 0x3C, 127, 0x81, 3, 0], block[..6]);
    }

    [Fact]
    public void ARowThatIsNoWholeNumberOfBlocksIsRefused() =>
        Assert.Throws<ArgumentException>(() => GgufTensor.FromRows("t", GgufTensorType.Q8_0, [33, 2], (_, _) => { }));

    private static float[] RoundTrip(GgufTensorType type, float[] values)
    {
        byte[] encoded = new byte[BlockQuantizer.ByteCount(type, values.Length)];
        float[] decoded = new float[values.Length];
        BlockQuantizer.Encode(type, values, encoded);
        BlockQuantizer.Decode(type, encoded, decoded);
        return decoded;
    }
}
