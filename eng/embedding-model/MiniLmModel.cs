using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.EmbeddingModel;

/// <summary>Describes all-MiniLM-L6-v2 as llama.cpp's architecture <c>bert</c>: its metadata, its vocabulary, and the names of its tensors.</summary>
internal static class MiniLmModel
{
    private const int Layers = 6, Width = 384, FeedForward = 1536, Heads = 12, Positions = 512, TokenTypes = 2;
    private const uint MeanPooling = 1;
    private const int NormalToken = 1, ControlToken = 3;
    private const uint MostlyQ8 = 7;

    private static readonly string[] ControlTokens = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"];

    private static readonly (string Onnx, string Gguf)[] Embeddings =
    [
        ("embeddings.word_embeddings.weight", "token_embd.weight"),
        ("embeddings.position_embeddings.weight", "position_embd.weight"),
        ("embeddings.token_type_embeddings.weight", "token_types.weight"),
        ("embeddings.LayerNorm.weight", "token_embd_norm.weight"),
        ("embeddings.LayerNorm.bias", "token_embd_norm.bias"),
    ];

    private static readonly (string Onnx, string Gguf)[] LayerParts =
    [
        ("attention.self.query", "attn_q"),
        ("attention.self.key", "attn_k"),
        ("attention.self.value", "attn_v"),
        ("attention.output.dense", "attn_output"),
        ("attention.output.LayerNorm", "attn_output_norm"),
        ("intermediate.dense", "ffn_up"),
        ("output.dense", "ffn_down"),
        ("output.LayerNorm", "layer_output_norm"),
    ];

    /// <summary>Makes the model, with Q8_0 matrices.</summary>
    /// <param name="weights">The tensors by their names in PyTorch.</param>
    /// <param name="vocabulary">The tokens of WordPiece, by id.</param>
    public static GgufModel Make(IReadOnlyDictionary<string, OnnxTensor> weights, string[] vocabulary)
    {
        GgufMetadata metadata = new GgufMetadata()
            .Set("general.architecture", "bert")
            .Set("general.name", "all-MiniLM-L6-v2")
            .Set("general.license", "apache-2.0")
            .Set("general.file_type", MostlyQ8)
            .Set("general.quantization_version", 2u)
            .Set("bert.block_count", (uint)Layers)
            .Set("bert.context_length", (uint)Positions)
            .Set("bert.embedding_length", (uint)Width)
            .Set("bert.feed_forward_length", (uint)FeedForward)
            .Set("bert.attention.head_count", (uint)Heads)
            .Set("bert.attention.layer_norm_epsilon", 1e-12f)
            .Set("bert.attention.causal", false)
            .Set("bert.pooling_type", MeanPooling);
        AddVocabulary(metadata, vocabulary);
        return new GgufModel(metadata, [.. Names().Select(name => Tensor(name.Gguf, Find(weights, name.Onnx)))]);
    }

    /// <summary>WordPiece in llama.cpp's spelling: U+2581 begins the first piece of a word, and a later piece has no ##.</summary>
    private static void AddVocabulary(GgufMetadata metadata, string[] vocabulary)
    {
        metadata
            .Set("tokenizer.ggml.model", "bert")
            .Set("tokenizer.ggml.pre", "bert-bge")
            .Set("tokenizer.ggml.token_type_count", (uint)TokenTypes)
            .Set("tokenizer.ggml.tokens", vocabulary.Select(Spell).ToArray())
            .Set("tokenizer.ggml.token_type", vocabulary.Select(token => ControlTokens.Contains(token) ? ControlToken : NormalToken).ToArray());
        (string Key, string Token)[] ids =
        [
            ("padding", "[PAD]"), ("unknown", "[UNK]"), ("cls", "[CLS]"), ("bos", "[CLS]"), ("seperator", "[SEP]"), ("mask", "[MASK]"),
        ];
        foreach ((string key, string token) in ids)
            metadata.Set($"tokenizer.ggml.{key}_token_id", checked((uint)Array.IndexOf(vocabulary, token)));
    }

    private static string Spell(string token) =>
        ControlTokens.Contains(token) ? token
        : token.StartsWith("##", StringComparison.Ordinal) ? token[2..]
        : '\u2581' + token;

    private static IEnumerable<(string Onnx, string Gguf)> Names() =>
    [
        .. Embeddings,
        .. from layer in Enumerable.Range(0, Layers)
           from part in LayerParts
           from kind in (string[])["weight", "bias"]
           select ($"encoder.layer.{layer}.{part.Onnx}.{kind}", $"blk.{layer}.{part.Gguf}.{kind}"),
    ];

    private static OnnxTensor Find(IReadOnlyDictionary<string, OnnxTensor> weights, string name) =>
        weights.TryGetValue(name, out OnnxTensor? tensor) ? tensor : throw new InvalidDataException($"The ONNX model has no weight '{name}'.");

    private static GgufTensor Tensor(string name, OnnxTensor tensor)
    {
        // ggml adds positions and token types to the tokens unconverted, so they stay floats, as vectors do.
        bool isMatrix = tensor.Shape.Length == 2 && name is not ("position_embd.weight" or "token_types.weight");
        int length = tensor.Shape[^1];
        return GgufTensor.FromRows(
            name,
            isMatrix ? GgufTensorType.Q8_0 : GgufTensorType.F32,
            [.. tensor.Shape.Reverse().Select(size => (long)size)],
            (row, values) => tensor.Values.AsSpan(checked((int)row) * length, length).CopyTo(values));
    }
}
