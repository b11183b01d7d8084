namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// A small text model of architecture <c>gemma3</c> with random weights. Five of its six layers see a sliding window only, which is much
/// shorter than a prompt.
/// </summary>
public static class TinyGemma3
{
    private const int Window = 32, BlockCount = 6, HeadCount = 2, KvHeadCount = 1, HeadLength = 32, Width = 64, Wide = 128;

    public static GgufModel Text(ulong seed = 1)
    {
        ByteLevelVocabulary vocabulary = ByteLevelVocabulary.Small;
        var metadata = new GgufMetadata()
            .Set("general.architecture", "gemma3")
            .Set("general.name", "tiny-sliding-window")
            .Set("general.quantization_version", 2u)
            .Set("gemma3.context_length", 8192u)
            .Set("gemma3.embedding_length", (uint)Width)
            .Set("gemma3.block_count", (uint)BlockCount)
            .Set("gemma3.feed_forward_length", (uint)Wide)
            .Set("gemma3.attention.head_count", (uint)HeadCount)
            .Set("gemma3.attention.head_count_kv", (uint)KvHeadCount)
            .Set("gemma3.attention.key_length", (uint)HeadLength)
            .Set("gemma3.attention.value_length", (uint)HeadLength)
            .Set("gemma3.attention.layer_norm_rms_epsilon", 1e-6f)
            .Set("gemma3.attention.sliding_window", (uint)Window)
            .Set("gemma3.rope.freq_base", 10_000f);
        vocabulary.AddTo(metadata).Set("tokenizer.chat_template", Qwen3Model.ChatTemplate);
        var weights = new TinyWeights(GgufTensorType.F16, seed) { KeepsRow = vocabulary.KeepsRow };
        return new GgufModel(metadata, [.. Tensors(vocabulary.Tokens.Count, weights)]);
    }

    private static IEnumerable<GgufTensor> Tensors(long tokenCount, TinyWeights weights)
    {
        yield return weights.Make("token_embd.weight", [Width, tokenCount]);
        yield return weights.Make("output_norm.weight", [Width]);
        yield return weights.Make("output.weight", [Width, tokenCount]);
        for (int block = 0; block < BlockCount; block++)
        {
            (string Part, long[] Shape)[] parts =
            [
                ("attn_norm", [Width]),
                ("attn_q", [Width, HeadCount * HeadLength]),
                ("attn_k", [Width, KvHeadCount * HeadLength]),
                ("attn_v", [Width, KvHeadCount * HeadLength]),
                ("attn_output", [HeadCount * HeadLength, Width]),
                ("attn_q_norm", [HeadLength]),
                ("attn_k_norm", [HeadLength]),
                ("post_attention_norm", [Width]),
                ("ffn_norm", [Width]),
                ("ffn_gate", [Width, Wide]),
                ("ffn_up", [Width, Wide]),
                ("ffn_down", [Wide, Width]),
                ("post_ffw_norm", [Width]),
            ];
            foreach ((string part, long[] shape) in parts)
                yield return weights.Make($"blk.{block}.{part}.weight", shape);
        }
    }
}
