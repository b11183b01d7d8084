namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// A small text model of architecture <c>mamba</c> with random weights. Its memory is a recurrent state, which cannot be split by position.
/// </summary>
public static class TinyMamba
{
    private const int ContextLength = 8192, EmbeddingLength = 64, BlockCount = 2;

    // llama.cpp supports only an expansion by 2.
    private const int InnerLength = 2 * EmbeddingLength;
    private const int ConvolutionLength = 4, StateLength = 16, TimeStepRank = 4;

    public static GgufModel Text(GgufTensorType type = GgufTensorType.F16, ulong seed = 1)
    {
        ByteLevelVocabulary vocabulary = ByteLevelVocabulary.Small;
        var metadata = new GgufMetadata()
            .Set("general.architecture", "mamba")
            .Set("general.name", "tiny-recurrent")
            .Set("general.quantization_version", 2u)
            .Set("mamba.context_length", (uint)ContextLength)
            .Set("mamba.embedding_length", (uint)EmbeddingLength)
            .Set("mamba.block_count", (uint)BlockCount)
            .Set("mamba.feed_forward_length", 0u)
            .Set("mamba.attention.head_count", 0u)
            .Set("mamba.attention.layer_norm_rms_epsilon", 1e-5f)
            .Set("mamba.ssm.conv_kernel", (uint)ConvolutionLength)
            .Set("mamba.ssm.inner_size", (uint)InnerLength)
            .Set("mamba.ssm.state_size", (uint)StateLength)
            .Set("mamba.ssm.time_step_rank", (uint)TimeStepRank);
        vocabulary.AddTo(metadata).Set("tokenizer.chat_template", Qwen3Model.ChatTemplate);
        var weights = new TinyWeights(type, seed) { KeepsRow = vocabulary.KeepsRow };
        return new GgufModel(metadata, [.. Tensors(vocabulary.Tokens.Count, weights, new TinyWeights(GgufTensorType.F32, seed))]);
    }

    private static IEnumerable<GgufTensor> Tensors(long tokenCount, TinyWeights weights, TinyWeights exact)
    {
        const long width = EmbeddingLength, inner = InnerLength, state = StateLength, rank = TimeStepRank;
        yield return weights.Make("token_embd.weight", [width, tokenCount]);
        yield return weights.Make("output_norm.weight", [width]);
        yield return weights.Make("output.weight", [width, tokenCount]);
        for (int block = 0; block < BlockCount; block++)
        {
            yield return weights.Make($"blk.{block}.attn_norm.weight", [width]);
            yield return weights.Make($"blk.{block}.ssm_in.weight", [width, 2 * inner]);
            yield return exact.Make($"blk.{block}.ssm_conv1d.weight", [ConvolutionLength, inner]);
            yield return weights.Make($"blk.{block}.ssm_conv1d.bias", [inner]);
            yield return weights.Make($"blk.{block}.ssm_x.weight", [inner, rank + (2 * state)]);
            yield return weights.Make($"blk.{block}.ssm_dt.weight", [rank, inner]);
            yield return weights.Make($"blk.{block}.ssm_dt.bias", [inner]);
            yield return GgufTensor.FromRows($"blk.{block}.ssm_a", GgufTensorType.F32, [state, inner], (_, row) => FillDecay(row));
            yield return weights.Make($"blk.{block}.ssm_d", [inner]);
            yield return weights.Make($"blk.{block}.ssm_out.weight", [inner, width]);
        }
    }

    // Mamba's own initial values. They are negative, so that a state decays.
    private static void FillDecay(Span<float> row)
    {
        for (int i = 0; i < row.Length; i++)
            row[i] = -(i + 1);
    }
}
