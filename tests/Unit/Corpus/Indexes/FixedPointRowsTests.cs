using System.Numerics.Tensors;
using RedisInfer.Corpus.Indexes;

namespace RedisInfer.Tests.Unit.Corpus.Indexes;

public sealed class FixedPointRowsTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(16)]
    [InlineData(33)]
    [InlineData(384)]
    [InlineData(1031)]
    public void CosinesAreThoseOfTheFloats(int dimensions)
    {
        var random = new Random(dimensions);
        float[][] vectors = [.. Enumerable.Range(0, 20).Select(_ => Random(random, dimensions))];
        float[] query = Random(random, dimensions);
        var rows = new FixedPointRows([.. Enumerable.Range(0, 20)], vectors.SelectMany(vector => vector).ToArray(), dimensions);

        for (int row = 0; row < vectors.Length; row++)
        {
            Assert.Equal(TensorPrimitives.Dot<float>(query, vectors[row]), rows.Cosine(row, query), 2e-5f);
        }
    }

    [Fact]
    public void EstimatesOrderAsCosinesDoUpToHundredths()
    {
        const int dimensions = 100;
        var random = new Random(3);
        float[][] vectors = [.. Enumerable.Range(0, 500).Select(_ => Random(random, dimensions))];
        float[] query = Random(random, dimensions);
        var rows = new FixedPointRows([.. Enumerable.Range(0, 500)], vectors.SelectMany(vector => vector).ToArray(), dimensions);
        short[] asked = FixedPointRows.ToQuery(query);

        // The factor that estimates omit.
        float scale = TensorPrimitives.MaxMagnitude<float>(query) / asked.Max(value => Math.Abs((int)value));
        for (int row = 0; row < vectors.Length; row++)
        {
            Assert.Equal(rows.Cosine(row, query), rows.Estimate(row, asked) * Math.Abs(scale), 0.02f);
        }
    }

    [Fact]
    public void TheLongestVectorsDoNotOverflow()
    {
        const int dimensions = 32_768;
        float[] flat = [.. Enumerable.Repeat(1 / MathF.Sqrt(dimensions), dimensions)];
        float[] opposite = [.. flat.Select(value => -value)];
        var rows = new FixedPointRows([0, 1], [.. flat, .. opposite], dimensions);
        short[] asked = FixedPointRows.ToQuery(flat);

        Assert.Equal(1, rows.Cosine(0, flat), 1e-4f);
        Assert.Equal(-1, rows.Cosine(1, flat), 1e-4f);
        Assert.True(rows.Estimate(0, asked) > 0);
        Assert.Equal(rows.Estimate(0, asked), -rows.Estimate(1, asked), rows.Estimate(0, asked) / 100);
    }

    private static float[] Random(Random random, int dimensions) =>
        UnitVector.From([.. Enumerable.Range(0, dimensions).Select(_ => (float)((random.NextDouble() * 2) - 1))])!;
}
