using RedisInfer.Corpus.Records;

namespace RedisInfer.Tests.Unit.Corpus.Records;

public sealed class CosineSpreadTests
{
    private static readonly float[] Right = [1, 0], Up = [0, 1], Left = [-1, 0];

    [Fact]
    public void PartsJoinToTheWhole()
    {
        CosineSpread whole = CosineSpread.Of([Right, Up], [Right, Up, Left]);

        CosineSpread joined = CosineSpread.Of([Right, Up], [Right]).With(CosineSpread.Of([Right, Up], [Up, Left]));

        Assert.Equal(3, joined.Chunks);
        Assert.Equal(whole.Mean, joined.Mean, 1e-9);
        Assert.Equal(whole.Deviation, joined.Deviation, 1e-9);
    }

    [Fact]
    public void IsReadBackForItsOwnEpochAlone()
    {
        var spread = new CosineSpread(12, -0.25, 0.125);

        Assert.Equal(spread, CosineSpread.Decode(7, spread.Encode(7)));
        Assert.Null(CosineSpread.Decode(8, spread.Encode(7)));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("7 12 0.1")]
    [InlineData("7 0 0.1 0.1")]
    [InlineData("7 12 NaN 0.1")]
    [InlineData("7 12 0.1 NaN")]
    [InlineData("7 12 0.1 0")]
    [InlineData("7 12 5 0.1")]
    public void AWrongValueCountsAsNotLearned(string? value) => Assert.Null(CosineSpread.Decode(7, value));
}
