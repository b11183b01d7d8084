using System.Security.Cryptography;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Unit.Support;

public sealed class GgufWriterTests
{
    [Fact]
    public void EveryMetadataTypeReadsBack()
    {
        var values = new Dictionary<string, object>
        {
            ["u8"] = (byte)200,
            ["i8"] = (sbyte)-100,
            ["u16"] = (ushort)60_000,
            ["i16"] = (short)-30_000,
            ["u32"] = 4_000_000_000u,
            ["i32"] = -2_000_000_000,
            ["u64"] = ulong.MaxValue,
            ["i64"] = long.MinValue,
            ["f32"] = 1.5f,
            ["f64"] = -2.25,
            ["bool"] = true,
            ["string"] = "naïve – 文",
        };
        var metadata = new GgufMetadata();
        foreach ((string key, object value) in values)
            metadata.Set(key, value);
        metadata.Set("strings", new[] { "a", "", "ß" }).Set("numbers", new[] { 1, -2 }).Set("none", Array.Empty<float>());

        var reader = new GgufReader(new GgufModel(metadata, []).ToBytes());

        Assert.Equal(3u, reader.Version);
        foreach ((string key, object value) in values)
            Assert.Equal(value, reader.Metadata[key]);
        Assert.Equal(["a", "", "ß"], (object[])reader.Metadata["strings"]);
        Assert.Equal([1, -2], (object[])reader.Metadata["numbers"]);
        Assert.Empty((object[])reader.Metadata["none"]);
    }

    [Fact]
    public void TensorsReadBackAndBeginAtMultiplesOfTheAlignment()
    {
        GgufTensor[] tensors =
        [
            GgufTensor.FromRows("odd", GgufTensorType.F32, [3, 5], (index, row) => row.Fill(index)),
            GgufTensor.FromRows("half", GgufTensorType.F16, [7], (_, row) => row.Fill(0.5f)),
            GgufTensor.FromRows("last", GgufTensorType.F32, [1], (_, row) => row.Fill(9)),
        ];

        byte[] bytes = new GgufModel(new GgufMetadata().Set("k", 1u), tensors).ToBytes();
        var reader = new GgufReader(bytes);

        Assert.Equal(["odd", "half", "last"], reader.TensorNames);
        Assert.Equal([3L, 5L], reader.ShapeOf("odd"));
        Assert.Equal(GgufTensorType.F16, reader.TypeOf("half"));
        Assert.All(reader.TensorNames, name => Assert.Equal(0, reader.OffsetOf(name) % GgufWriter.Alignment));
        Assert.Equal([0, 0, 0, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4], reader.Read("odd"));
        Assert.Equal(Enumerable.Repeat(0.5f, 7), reader.Read("half"));
        Assert.Equal([9f], reader.Read("last"));
        Assert.Equal(0, bytes.Length % GgufWriter.Alignment);
    }

    [Fact]
    public void ATensorLargerThanOneChunkIsWrittenWhole()
    {
        const int rowLength = 32 * 1024, rows = 40;
        GgufTensor tensor = RandomBlocks.Make("big", GgufTensorType.Q8_0, [rowLength, rows], seed: 3);

        using var stream = new MemoryStream();
        tensor.WriteTo(stream);

        Assert.Equal(tensor.ByteCount, stream.Length);
        Assert.Equal(34L * rowLength / 32 * rows, tensor.ByteCount);
    }

    // If these bytes change, every machine gets other models. Stored test expectations and caches depend on them.
    [Theory]
    [InlineData(GgufTensorType.F16, "ab4a8bc6016c456c")]
    [InlineData(GgufTensorType.Q8_0, "75f373d59ab15f3f")]
    [InlineData(GgufTensorType.Q4_0, "db1538bf9d743fad")]
    public void TheTinyTextModelHasTheSameBytesOnEveryPlatform(GgufTensorType type, string expected) =>
        Assert.Equal(expected, Hash(TinyQwen3.Text(type)));

    [Fact]
    public void TheEmbeddingModelsHaveTheSameBytesOnEveryPlatform()
    {
        Assert.Equal("2c1bdbafaf26a8f2", Hash(TinyBert.Embedding()));
        Assert.Equal("cdf2a588421f3ae8", Hash(TinyQwen3.Embedding()));
        Assert.Equal("a56db29c65cdf6c9", Hash(BagOfTokens.Embedding()));
    }

    [Fact]
    public void AModelWritesTheSameBytesEachTime()
    {
        GgufModel model = TinyQwen3.Text(GgufTensorType.Q4_0);

        Assert.Equal(model.ToBytes(), model.ToBytes());
    }

    [Fact]
    public void AnotherSeedGivesOtherWeightsAndTheSameHeader()
    {
        var one = new GgufReader(TinyQwen3.Text(seed: 1).ToBytes());
        var two = new GgufReader(TinyQwen3.Text(seed: 2).ToBytes());

        Assert.Equal(one.Metadata, two.Metadata);
        Assert.Equal(one.TensorNames, two.TensorNames);
        Assert.NotEqual(one.Read("blk.0.attn_q.weight"), two.Read("blk.0.attn_q.weight"));
    }

    private static string Hash(GgufModel model) => Convert.ToHexStringLower(SHA256.HashData(model.ToBytes()))[..16];
}
