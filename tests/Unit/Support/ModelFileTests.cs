using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Unit.Support;

public sealed class ModelFileTests
{
    [Fact]
    public void ALargeModelHasTheSizeOfItsShape()
    {
        // Parameters: 596 million for Qwen3-0.6B (tied), 4.02 billion for 4B.
        Assert.InRange(Parameters(Qwen3Shape.Qwen3_0_6B), 595_000_000, 597_000_000);
        Assert.InRange(Parameters(Qwen3Shape.Qwen3_4B), 4_000_000_000, 4_040_000_000);

        static long Parameters(Qwen3Shape shape) =>
            LargeQwen3.Build(shape, GgufTensorType.Q4_0).Tensors.Sum(t => t.Shape.Aggregate(1L, (a, b) => a * b));
    }

    [Theory]
    [InlineData(GgufTensorType.Q8_0)]
    [InlineData(GgufTensorType.Q4_0)]
    public void RandomBlocksHaveTheVarianceOfAMatrixThatKeepsLengths(GgufTensorType type)
    {
        const int rowLength = 1024, rows = 64;
        using var stream = new MemoryStream();
        RandomBlocks.Make("m", type, [rowLength, rows], seed: 1).WriteTo(stream);
        float[] values = new float[rowLength * rows];
        BlockQuantizer.Decode(type, stream.ToArray(), values);

        double mean = values.Average(v => (double)v), variance = values.Average(v => (double)v * v) * rowLength;

        Assert.InRange(variance, 0.95, 1.05);
        Assert.InRange(Math.Abs(mean) * Math.Sqrt(rowLength), 0, 0.02);
    }

    [Fact]
    public void TheCacheWritesAModelOnceAndLeavesNoTemporaryFile()
    {
        string name = $"cache-test-{Guid.NewGuid():N}.gguf";
        int writes = 0;
        try
        {
            string first = ModelCache.GetOrCreate(name, Write);
            string second = ModelCache.GetOrCreate(name, Write);

            Assert.Equal(first, second);
            Assert.Equal(1, writes);
            Assert.Equal([name], Directory.GetFiles(ModelCache.Folder, name + "*").Select(Path.GetFileName));
        }
        finally
        {
            File.Delete(Path.Combine(ModelCache.Folder, name));
        }

        void Write(Stream stream)
        {
            writes++;
            stream.WriteByte(1);
        }
    }

    [Fact]
    public void AFailedWriteLeavesNothingInTheCache()
    {
        string name = $"cache-test-{Guid.NewGuid():N}.gguf";

        Assert.Throws<InvalidOperationException>(() => ModelCache.GetOrCreate(name, stream =>
        {
            stream.WriteByte(1);
            throw new InvalidOperationException("the disk is gone");
        }));

        Assert.Empty(Directory.GetFiles(ModelCache.Folder, name + "*"));
    }

    [Fact]
    public async Task ManyCallersOfTheCacheGetTheSameWholeFile()
    {
        string name = $"cache-test-{Guid.NewGuid():N}.gguf";
        byte[] content = TinyQwen3.Text(GgufTensorType.Q4_0).ToBytes();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
            {
                string path = ModelCache.GetOrCreate(name, stream => stream.Write(content));
                Assert.Equal(content, File.ReadAllBytes(path));
            })));
        }
        finally
        {
            File.Delete(Path.Combine(ModelCache.Folder, name));
        }
    }

    [Fact]
    public void EachMalformedModelDiffersFromTheRightOne()
    {
        byte[] right = TinyQwen3.Text().ToBytes();
        string[] contents = [.. Enum.GetValues<MalformedModel>().Select(k => Convert.ToHexString(MalformedModels.Make(k)))];

        Assert.DoesNotContain(Convert.ToHexString(right), contents);
        Assert.Equal(contents.Length, contents.Distinct().Count());
    }
}
