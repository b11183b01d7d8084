using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Tests.Integration.Inference;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Integration.Llama;

/// <summary>
/// Damaged model files, the same ones in every run. Each file must give an exception or a working model, and never end the process.
/// </summary>
public sealed class LlamaFuzzTests(LlamaUnderTest llama)
{
    private const int CaseCount = 150;

    [Fact]
    public async Task TruncatedModelNeverEndsTheProcess()
    {
        byte[] whole = await File.ReadAllBytesAsync(TestModels.Text, TestContext.Current.CancellationToken);
        var random = new Random(1);
        for (int i = 0; i < CaseCount; i++)
        {
            Assert.NotNull(await TryAsync(whole[..random.Next(whole.Length)], embeddings: false));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task FlippedBitsInTheHeaderNeverEndTheProcess(bool embeddings)
    {
        byte[] whole = await File.ReadAllBytesAsync(
            embeddings ? TestModels.BertEmbedding : TestModels.Text, TestContext.Current.CancellationToken);
        int headerBytes = (int)RedisInfer.Llama.Gguf.GgufReader.Read(embeddings ? TestModels.BertEmbedding : TestModels.Text).DataOffset;
        var random = new Random(2);
        int refused = 0;
        for (int i = 0; i < CaseCount; i++)
        {
            byte[] damaged = [.. whole];

            // The first bytes hold the settings and the last bytes the list of tensors. The vocabulary is between them.
            int at = (i % 3) switch
            {
                0 => random.Next(1500),
                1 => headerBytes - 1 - random.Next(2000),
                _ => random.Next(headerBytes),
            };
            damaged[at] ^= (byte)(1 << random.Next(8));
            refused += await TryAsync(damaged, embeddings) is null ? 0 : 1;
        }

        Assert.InRange(refused, CaseCount / 4, CaseCount);
    }

    [Theory]
    [InlineData("qwen3.block_count")]
    [InlineData("qwen3.context_length")]
    [InlineData("qwen3.embedding_length")]
    [InlineData("qwen3.feed_forward_length")]
    [InlineData("qwen3.attention.head_count")]
    [InlineData("qwen3.attention.head_count_kv")]
    [InlineData("qwen3.attention.key_length")]
    [InlineData("qwen3.attention.value_length")]
    [InlineData("qwen3.attention.layer_norm_rms_epsilon")]
    [InlineData("qwen3.rope.freq_base")]
    [InlineData("qwen3.pooling_type")]
    [InlineData("qwen3.expert_count")]
    [InlineData("qwen3.expert_used_count")]
    [InlineData("qwen3.nextn_predict_layers")]
    [InlineData("general.alignment")]
    [InlineData("tokenizer.ggml.model")]
    [InlineData("tokenizer.ggml.pre")]
    [InlineData("tokenizer.ggml.tokens")]
    [InlineData("tokenizer.ggml.token_type")]
    [InlineData("tokenizer.ggml.merges")]
    [InlineData("tokenizer.ggml.bos_token_id")]
    [InlineData("tokenizer.ggml.eos_token_id")]
    public async Task OddSettingNeverEndsTheProcess(string key)
    {
        object[] values =
        [
            0u, 1u, 3u, 64u, 513u, 0x7FFFFFFFu, uint.MaxValue, -1, 0f, -1f, float.NaN, float.PositiveInfinity, ulong.MaxValue, true, "", "llama", "bert",
            "t5", "rwkv", "no_vocab", new uint[] { 1, 2 }, new float[] { 1 }, new string[] { "a", "b" }, new int[] { 6, -1, 6 },
        ];
        foreach (object value in values)
        {
            GgufModel model = TinyQwen3.Text();
            model.Metadata.Set(key, value);
            await TryAsync(model.ToBytes(), embeddings: false);
        }
    }

    [Theory]
    [InlineData("llama", "byte")]
    [InlineData("rwkv", "byte")]
    [InlineData("bert", "word pieces")]
    public async Task VocabularyWithoutItsByteTokensIsRefused(string kind, string reason)
    {
        GgufModel model = TinyQwen3.Text();
        int[] types = model.Metadata.Get<int[]>("tokenizer.ggml.token_type");
        string[] tokens = model.Metadata.Get<string[]>("tokenizer.ggml.tokens");
        types[300] = 6;
        tokens[300] = "<0x41>";
        model.Metadata.Set("tokenizer.ggml.model", kind).Set("tokenizer.ggml.tokens", tokens).Set("tokenizer.ggml.token_type", types);

        Exception? thrown = await TryAsync(model.ToBytes(), embeddings: false);

        Assert.Contains(reason, thrown?.Message, StringComparison.Ordinal);
    }

    // Loads a model and uses it as the library does. Returns the exception, or null if there was none.
    private async Task<Exception?> TryAsync(byte[] bytes, bool embeddings)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("model.gguf", bytes);
        try
        {
            using IInferenceModel model = await llama.Engine.LoadModelAsync(
                new ModelOptions { Path = path }, null, TestContext.Current.CancellationToken);
            int[] tokens = model.Tokens("How long are backups kept? ünï 中 😀");
            for (int token = 0; token < model.Tokenizer.VocabularySize; token++)
            {
                _ = model.Tokenizer.GetBytes(token);
            }

            using IInferenceContext context = model.Context(embeddings: embeddings);
            if (tokens.Length == 0)
            {
                return null;
            }

            int row = context.Append(0, tokens);
            if (embeddings)
            {
                _ = context.GetEmbedding(0);
                return null;
            }

            using ISampler sampler = model.CreateSampler(new SamplingOptions { Temperature = 1 });
            context.Append(0, context.Sample(sampler, row));
            context.LoadState(1, context.Save(0));
            return null;
        }
        catch (Exception exception) when (exception is RedisInferException or ArgumentException)
        {
            return exception;
        }
    }
}
