using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Llama;
using RedisInfer.Llama.Gguf;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Unit.Llama.Gguf;

/// <summary>What is read from a model file, and what is refused before native code sees it.</summary>
public sealed class GgufHeaderTests
{
    [Theory]
    [InlineData("llada-moe", "expert_count")]
    [InlineData("smallthinker", "expert_count")]
    [InlineData("olmo2", "head_count")]
    public void ArchitectureWithoutWhatItNeedsIsRefused(string architecture, string reason)
    {
        GgufModel model = TinyQwen3.Text();
        model.Metadata.Set("general.architecture", architecture).Set($"{architecture}.block_count", 2u);
        if (reason != "head_count")
        {
            model.Metadata.Set($"{architecture}.attention.head_count", 4u).Set($"{architecture}.attention.head_count_kv", 4u);
        }

        Assert.Contains(reason, Refused(model.ToBytes()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("blk.0.attn_norm.weight", 1u, "32-bit floats")]
    [InlineData("output_norm.weight", 2u, "32-bit floats")]
    [InlineData("blk.1.attn_k_norm.weight", 30u, "32-bit floats")]
    [InlineData("blk.0.attn_q.weight", 15u, "cannot multiply")]
    [InlineData("token_embd.weight", 9u, "cannot multiply")]
    [InlineData("output.weight", 28u, "cannot multiply")]
    public void TensorOfATypeThatWouldEndTheProcessIsRefused(string name, uint type, string reason)
    {
        byte[] bytes = TinyQwen3.Text().ToBytes();
        int dimensions = TinyQwen3.Text().Tensors.Single(tensor => tensor.Name == name).Shape.Count;

        // After the name: the number of dimensions (32 bits), the dimensions (64 bits each), and the type.
        int typeOffset = bytes.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(name)) + name.Length + sizeof(int) + (dimensions * sizeof(long));
        BitConverter.TryWriteBytes(bytes.AsSpan(typeOffset), type);

        string message = Refused(bytes);

        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains(name, message, StringComparison.Ordinal);
    }

    [Fact]
    public void TokenOfManyCharactersIsRefused()
    {
        GgufModel model = TinyQwen3.Text();
        string[] tokens = [.. ByteLevelVocabulary.Small.Tokens];
        tokens[300] = new string('\u4E2D', 700);
        model.Metadata.Set("tokenizer.ggml.tokens", tokens);

        Assert.Contains("'tokenizer.ggml.tokens' declares 2100 bytes, more than 2048", Refused(model.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void ExpertGroupsOfADenseModelAreRefused()
    {
        GgufModel model = TinyQwen3.Text();
        model.Metadata.Set("general.architecture", "hunyuan-dense").Set("hunyuan-dense.block_count", 2u)
            .Set("hunyuan-dense.attention.head_count", 4u).Set("hunyuan-dense.expert_group_count", 2u);

        Assert.Contains("groups", Refused(model.ToBytes()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0u, 1u)]
    [InlineData(1u, 2u)]
    public void MoreExpertsInUseThanThereAreAreRefusedInADenseModelToo(uint experts, uint used)
    {
        GgufModel model = TinyQwen3.Text();
        model.Metadata.Set("general.architecture", "hunyuan-dense").Set("hunyuan-dense.block_count", 2u)
            .Set("hunyuan-dense.attention.head_count", 4u).Set("hunyuan-dense.expert_count", experts).Set("hunyuan-dense.expert_used_count", used);

        Assert.Contains($"{used} of {experts} experts", Refused(model.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void HeaderHoldsWhatTheWriterWrote()
    {
        GgufModel model = TinyQwen3.Text();

        GgufHeader header = RedisInfer.Llama.Gguf.GgufReader.Read(TestModels.Text);

        Assert.Equal("qwen3", header.Architecture);
        Assert.Equal(2, header.GetArchitectureInteger("block_count"));
        Assert.Equal(model.Metadata.Entries.Count, header.Metadata.Count);
        Assert.Equal(model.Tensors.Select(t => t.Name), header.Tensors.Select(t => t.Name));
        Assert.Equal(model.Metadata.Get<string[]>("tokenizer.ggml.tokens").Length, header.Metadata["tokenizer.ggml.tokens"].Count);
        Assert.Null(header.Vocabulary.DuplicateToken);
        ModelGuard.Check(header, TestModels.Text);
    }

    [Theory]
    [InlineData("qwen3.block_count", 0u, "block_count")]
    [InlineData("qwen3.block_count", 513u, "block_count")]
    [InlineData("qwen3.block_count", "two", "no integer")]
    [InlineData("qwen3.nextn_predict_layers", 3u, "nextn_predict_layers")]
    [InlineData("qwen3.pooling_type", 5u, "pooling_type")]
    [InlineData("qwen3.expert_count", 1025u, "expert_count")]
    [InlineData("qwen3.expert_count", 8u, "experts")]
    [InlineData("qwen3.expert_used_count", 2u, "experts")]
    [InlineData("qwen3.expert_group_count", 2u, "experts")]
    [InlineData("qwen3.attention.layer_norm_rms_epsilon", float.NaN, "epsilon")]
    [InlineData("qwen3.attention.layer_norm_rms_epsilon", -1f, "epsilon")]
    [InlineData("qwen3.rope.freq_base", float.PositiveInfinity, "freq_base")]
    [InlineData("qwen3.attention.head_count_kv", 0x10000002u, "attention heads")]
    [InlineData("qwen3.attention.head_count_kv", 3u, "attention heads")]
    [InlineData("qwen3.attention.head_count", 0u, "head_count")]
    [InlineData("qwen3.embedding_length_out", 128u, "embedding_length_out")]
    [InlineData("qwen3.embedding_length_out", uint.MaxValue, "embedding_length_out")]
    [InlineData("qwen3.attention.head_count", uint.MaxValue, "attention heads")]
    [InlineData("qwen3.attention.key_length", uint.MaxValue, "key_length")]
    [InlineData("qwen3.attention.key_length", 32u, "attention heads")]
    [InlineData("qwen3.rope.dimension_count", 32u, "attention head")]
    [InlineData("qwen3.rope.scaling.type", "spiral", "spiral")]
    [InlineData("general.alignment", 0u, "alignment")]
    [InlineData("general.alignment", 1u, "alignment")]
    [InlineData("general.alignment", 48u, "alignment")]
    [InlineData("general.architecture", "", "general.architecture")]
    public void SettingThatWouldEndTheProcessIsRefused(string key, object value, string reason)
    {
        GgufModel model = TinyQwen3.Text();
        model.Metadata.Set(key, value);

        Assert.Contains(reason, Refused(model.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void TokensThatAreEqualUpToAZeroByteAreRefused()
    {
        GgufModel model = TinyQwen3.Text();
        string[] tokens = [.. model.Metadata.Get<string[]>("tokenizer.ggml.tokens")];
        tokens[300] = "same\0one";
        tokens[301] = "same\0other";
        model.Metadata.Set("tokenizer.ggml.tokens", tokens);

        Assert.Contains("'same' twice", Refused(model.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void SeveralEmptyTokensAreNotEqual()
    {
        GgufModel model = TinyQwen3.Text();
        string[] tokens = [.. model.Metadata.Get<string[]>("tokenizer.ggml.tokens")];
        tokens[300] = tokens[301] = "";
        model.Metadata.Set("tokenizer.ggml.tokens", tokens);

        using var file = new TemporaryFile(model.ToBytes());
        Assert.Null(RedisInfer.Llama.Gguf.GgufReader.Read(file.Path).Vocabulary.DuplicateToken);
    }

    [Fact]
    public void ByteTokenThatIsNotNamedLikeOneIsRefused()
    {
        GgufModel model = TinyQwen3.Text();
        int[] types = [.. model.Metadata.Get<int[]>("tokenizer.ggml.token_type")];
        types[300] = 6;
        model.Metadata.Set("tokenizer.ggml.token_type", types);

        Assert.Contains("represents a byte", Refused(model.ToBytes()), StringComparison.Ordinal);
    }

    [Fact]
    public void EveryTruncationOfTheHeaderIsRefused()
    {
        byte[] whole = TinyQwen3.Text().ToBytes();
        using var whole2 = new TemporaryFile(whole);
        int headerBytes = (int)RedisInfer.Llama.Gguf.GgufReader.Read(whole2.Path).DataOffset;
        for (int length = 0; length < headerBytes - 64; length += length < 1000 ? 7 : 997)
        {
            Refused(whole[..length]);
        }
    }

    [Fact]
    public void FingerprintChangesWithEveryByteOfASmallModel()
    {
        byte[] bytes = TinyQwen3.Text().ToBytes();
        string original = Fingerprint(bytes);
        Assert.Equal(original, Fingerprint(bytes));

        foreach (int at in (int[])[bytes.Length - 1, bytes.Length / 2, bytes.AsSpan().IndexOf("tiny-text"u8)])
        {
            bytes[at] ^= 1;
            Assert.NotEqual(original, Fingerprint(bytes));
            bytes[at] ^= 1;
        }

        Assert.NotEqual(original, Fingerprint(bytes, engine: "another release"));
    }

    [Fact]
    public void FingerprintOfALargeModelChangesWithTheEndsOfItsTensors()
    {
        // The file is sparse: 80 MB of zeros after a small model's header, which take no disk space.
        const long size = 80L * 1024 * 1024;
        using var file = new TemporaryFile(TinyQwen3.Text().ToBytes());
        using (FileStream stream = File.OpenWrite(file.Path))
        {
            stream.SetLength(size);
        }

        string original = Fingerprint(file.Path);
        GgufHeader header = RedisInfer.Llama.Gguf.GgufReader.Read(file.Path);
        RedisInfer.Llama.Gguf.GgufTensor last = header.Tensors.MaxBy(t => t.Offset)!;
        foreach (long at in (long[])[header.DataOffset + (long)last.Offset, size - 1])
        {
            WriteByte(file.Path, at, 1);
            Assert.NotEqual(original, Fingerprint(file.Path));
            WriteByte(file.Path, at, 0);
        }

        WriteByte(file.Path, size / 2, 1);
        Assert.Equal(original, Fingerprint(file.Path));
    }

    [Fact]
    public void TokenizerFingerprintIsOfTheVocabularyAlone()
    {
        GgufModel model = TinyQwen3.Text();
        string original = TokenizerFingerprint(model);
        model.Metadata.Set("tokenizer.chat_template", "another").Set("general.name", "another");
        Assert.Equal(original, TokenizerFingerprint(model));

        model.Metadata.Set("tokenizer.ggml.pre", "another");
        Assert.NotEqual(original, TokenizerFingerprint(model));
    }

    [Fact]
    public void CacheSizeFollowsTheShape()
    {
        GgufHeader header = RedisInfer.Llama.Gguf.GgufReader.Read(TestModels.Text);

        // 2 layers of 2 heads of 64 keys and 64 values, 2 bytes each. 300 cells are rounded up to 512.
        Assert.Equal(512L * 2 * 2 * 128 * 2, KvCacheSize.Estimate(header, new ContextOptions { ContextSize = 300 }));
        Assert.Equal(
            512L * 2 * 2 * 128 * 34 / 32, KvCacheSize.Estimate(header, new ContextOptions { ContextSize = 300, KvType = KvType.Q8_0 }));
    }

    [Fact]
    public void ScoresAreKeptWithoutFlashAttentionAlone()
    {
        GgufHeader header = RedisInfer.Llama.Gguf.GgufReader.Read(TestModels.Text);
        var options = new ContextOptions { ContextSize = 300, BatchSize = 100, FlashAttention = false };

        // 4 heads that score 100 tokens over 512 cells.
        Assert.Equal(4L * 100 * 512 * 6, KvCacheSize.EstimateScores(header, options, microBatchSize: 512));
        Assert.Equal(4L * 512 * 512 * 6, KvCacheSize.EstimateScores(header, options with { BatchSize = 4096 }, microBatchSize: 512));
        Assert.Equal(0, KvCacheSize.EstimateScores(header, options with { FlashAttention = true }, microBatchSize: 512));
    }

    private static string Refused(byte[] bytes)
    {
        using var file = new TemporaryFile(bytes);
        var thrown = Assert.Throws<RedisInferException>(() => ModelGuard.Check(RedisInfer.Llama.Gguf.GgufReader.Read(file.Path), file.Path));
        Assert.Equal(RedisInferErrorCode.ModelNotLoadable, thrown.Code);
        Assert.Contains(file.Path, thrown.Message, StringComparison.Ordinal);
        return thrown.Message;
    }

    private static string Fingerprint(byte[] bytes, string engine = "engine")
    {
        using var file = new TemporaryFile(bytes);
        return Fingerprint(file.Path, engine);
    }

    private static string Fingerprint(string path, string engine = "engine") =>
        ModelFingerprint.OfModel([(path, RedisInfer.Llama.Gguf.GgufReader.Read(path))], engine, CancellationToken.None);

    private static string TokenizerFingerprint(GgufModel model)
    {
        using var file = new TemporaryFile(model.ToBytes());
        return ModelFingerprint.OfTokenizer(RedisInfer.Llama.Gguf.GgufReader.Read(file.Path));
    }

    private static void WriteByte(string path, long at, byte value)
    {
        using FileStream stream = File.OpenWrite(path);
        stream.Position = at;
        stream.WriteByte(value);
    }

    private sealed class TemporaryFile : IDisposable
    {
        public TemporaryFile(byte[] bytes) => File.WriteAllBytes(Path, bytes);

        public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"redisinfer-{Guid.NewGuid():N}.gguf");

        public void Dispose() => File.Delete(Path);
    }
}
