namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// A small text model of architecture <c>lfm2</c> with random weights. Its memory is a hybrid: layers with short convolutions, which keep a
/// recurrent state, and layers with attention.
/// </summary>
public static class TinyLfm2
{
    private const int BlockCount = 4, HeadCount = 2, HeadLength = 32, Width = 64, Wide = 128, ConvolutionLength = 3;

    // Key-value heads per layer. 0: a convolution.
    private static readonly int[] KvHeads = [0, 1, 0, 1];

    public static GgufModel Text(ulong seed = 1)
    {
        ByteLevelVocabulary vocabulary = ByteLevelVocabulary.Small;
        var metadata = new GgufMetadata()
            .Set("general.architecture", "lfm2")
            .Set("general.name", "tiny-hybrid")
            .Set("general.quantization_version", 2u)
            .Set("lfm2.context_length", 8192u)
            .Set("lfm2.embedding_length", (uint)Width)
            .Set("lfm2.block_count", (uint)BlockCount)
            .Set("lfm2.feed_forward_length", (uint)Wide)
            .Set("lfm2.attention.head_count", (uint)HeadCount)
            .Set("lfm2.attention.head_count_kv", KvHeads)
            .Set("lfm2.attention.layer_norm_rms_epsilon", 1e-5f)
            .Set("lfm2.shortconv.l_cache", (uint)ConvolutionLength)
            .Set("lfm2.vocab_size", (uint)vocabulary.Tokens.Count)
            .Set("lfm2.rope.freq_base", 10_000f);
        vocabulary.AddTo(metadata).Set("tokenizer.chat_template", Qwen3Model.ChatTemplate);
        var weights = new TinyWeights(GgufTensorType.F16, seed) { KeepsRow = vocabulary.KeepsRow };
        return new GgufModel(metadata, [.. Tensors(vocabulary.Tokens.Count, weights, new TinyWeights(GgufTensorType.F32, seed))]);
    }

    private static IEnumerable<GgufTensor> Tensors(long tokenCount, TinyWeights weights, TinyWeights exact)
    {
        yield return weights.Make("token_embd.weight", [Width, tokenCount]);
        yield return weights.Make("token_embd_norm.weight", [Width]);
        yield return weights.Make("output.weight", [Width, tokenCount]);
        for (int block = 0; block < BlockCount; block++)
        {
            (string Part, long[] Shape)[] parts =
            [
                ("attn_norm", [Width]),
                .. KvHeads[block] == 0 ? Convolution() : Attention(KvHeads[block]),
                ("ffn_norm", [Width]),
                ("ffn_gate", [Width, Wide]),
                ("ffn_up", [Width, Wide]),
                ("ffn_down", [Wide, Width]),
            ];
            foreach ((string part, long[] shape) in parts)
                yield return (part == "shortconv.conv" ? exact : weights).Make($"blk.{block}.{part}.weight", shape);
        }
    }

    private static (string Part, long[] Shape)[] Attention(int kvHeads) =>
    [
        ("attn_q_norm", [HeadLength]),
        ("attn_k_norm", [HeadLength]),
        ("attn_q", [Width, Width]),
        ("attn_k", [Width, kvHeads * HeadLength]),
        ("attn_v", [Width, kvHeads * HeadLength]),
        ("attn_output", [Width, Width]),
    ];

    private static (string Part, long[] Shape)[] Convolution() =>
    [
        ("shortconv.conv", [ConvolutionLength, Width]),
        ("shortconv.in_proj", [Width, 3 * Width]),
        ("shortconv.out_proj", [Width, Width]),
    ];
}
