namespace RedisInfer.Tests.Support.Gguf;

/// <summary>A small encoder of architecture <c>bert</c> with random weights: an embedding model that cannot generate text.</summary>
public static class TinyBert
{
    public const int EmbeddingLength = 64;

    /// <summary>The longest text in tokens, including [CLS] and [SEP]. The positions of BERT are a table of this length.</summary>
    public const int ContextLength = 512;

    private const int BlockCount = 2, HeadCount = 2, FeedForwardLength = 128, TokenTypes = 2;
    private const uint MeanPooling = 1, ClsPooling = 2;

    public static GgufModel Embedding(bool cls = false, GgufTensorType type = GgufTensorType.F16, ulong seed = 1)
    {
        WordPieceVocabulary vocabulary = WordPieceVocabulary.Small;
        var metadata = new GgufMetadata()
            .Set("general.architecture", "bert")
            .Set("general.name", "tiny-encoder")
            .Set("general.quantization_version", 2u)
            .Set("bert.context_length", (uint)ContextLength)
            .Set("bert.embedding_length", (uint)EmbeddingLength)
            .Set("bert.block_count", (uint)BlockCount)
            .Set("bert.feed_forward_length", (uint)FeedForwardLength)
            .Set("bert.attention.head_count", (uint)HeadCount)
            .Set("bert.attention.layer_norm_epsilon", 1e-12f)
            .Set("bert.attention.causal", false)
            .Set("bert.pooling_type", cls ? ClsPooling : MeanPooling);
        vocabulary.AddTo(metadata);
        return new GgufModel(metadata, [.. Tensors(vocabulary.Tokens.Count, new TinyWeights(type, seed), new TinyWeights(GgufTensorType.F32, seed))]);
    }

    private static IEnumerable<GgufTensor> Tensors(long tokenCount, TinyWeights weights, TinyWeights exact)
    {
        const long width = EmbeddingLength, wide = FeedForwardLength;
        yield return weights.Make("token_embd.weight", [width, tokenCount]);
        // ggml adds these two tensors to the token embeddings unconverted, and has no kernel that adds F16 to F32.
        yield return exact.Make("position_embd.weight", [width, ContextLength]);
        yield return exact.Make("token_types.weight", [width, TokenTypes]);
        yield return weights.Make("token_embd_norm.weight", [width]);
        yield return weights.Make("token_embd_norm.bias", [width]);
        for (int block = 0; block < BlockCount; block++)
        {
            (string Part, long[] Shape)[] parts =
            [
                ("attn_q", [width, width]),
                ("attn_k", [width, width]),
                ("attn_v", [width, width]),
                ("attn_output", [width, width]),
                ("attn_output_norm", [width]),
                ("ffn_up", [width, wide]),
                ("ffn_down", [wide, width]),
                ("layer_output_norm", [width]),
            ];
            foreach ((string part, long[] shape) in parts)
            {
                yield return weights.Make($"blk.{block}.{part}.weight", shape);
                yield return weights.Make($"blk.{block}.{part}.bias", [shape[^1]]);
            }
        }
    }
}
