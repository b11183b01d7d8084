using RedisInfer.Corpus.Indexes;

namespace RedisInfer.Tests.Unit.Corpus.Indexes;

public sealed class UnitVectorTests
{
    [Theory]
    [InlineData(3f, 4f)]
    [InlineData(3e-44f, 4e-44f)]
    [InlineData(3e38f, 2e38f)]
    [InlineData(-3e38f, -2e38f)]
    public void VectorOfAnyLengthIsScaledToOne(float x, float y)
    {
        float[] unit = UnitVector.From([x, y])!;

        Assert.Equal(1, (unit[0] * unit[0]) + (unit[1] * unit[1]), 1e-6f);
        Assert.Equal(x / (double)y, unit[0] / (double)unit[1], 0.1);
    }

    [Fact]
    public void ZerosHaveNoDirection()
    {
        Assert.Null(UnitVector.From([0f, -0f]));
        Assert.Null(UnitVector.From([]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void NumbersThatAreNoneAreRefused(float wrong) => Assert.Throws<ArgumentException>(() => UnitVector.From([1, wrong, 0]));
}
