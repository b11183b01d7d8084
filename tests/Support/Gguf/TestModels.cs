using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// Paths of small models, each written on first use. The file name contains the hash of the bytes, so a model made by older code is
/// never used by mistake.
/// </summary>
public static class TestModels
{
    private static readonly ConcurrentDictionary<string, Lazy<string>> Paths = new(StringComparer.Ordinal);

    /// <summary>A model that generates text (<c>qwen3</c>, F16). Greedy text never ends by itself.</summary>
    public static string Text => Get("text", () => TinyQwen3.Text());

    /// <summary>Like <see cref="Text"/>, with Q8_0 matrices.</summary>
    public static string TextQ8 => Get("text-q8", () => TinyQwen3.Text(GgufTensorType.Q8_0));

    /// <summary>Like <see cref="Text"/>, with Q4_0 matrices.</summary>
    public static string TextQ4 => Get("text-q4", () => TinyQwen3.Text(GgufTensorType.Q4_0));

    /// <summary>The shape and vocabulary of <see cref="Text"/>, other weights. Neither model may use states of the other.</summary>
    public static string OtherText => Get("text-other", () => TinyQwen3.Text(seed: 2));

    /// <summary>Like <see cref="Text"/>, but a greedy answer ends by itself after some tens of tokens.</summary>
    public static string TextThatEnds => Get("text-that-ends", () => TinyQwen3.Text(endOfTurnWeight: TinyQwen3.TypicalEndOfTurnWeight));

    /// <summary>A model that generates text with a recurrent state (<c>mamba</c>, F16). Greedy text never ends by itself.</summary>
    public static string Recurrent => Get("recurrent", () => TinyMamba.Text());

    /// <summary>A model that generates text, most of whose layers see a sliding window (<c>gemma3</c>).</summary>
    public static string SlidingWindow => Get("sliding-window", () => TinyGemma3.Text());

    /// <summary>A model that generates text with layers of attention and of a recurrent state (<c>lfm2</c>).</summary>
    public static string Hybrid => Get("hybrid", () => TinyLfm2.Text());

    /// <summary>An encoder (<c>bert</c>) with mean pooling and vectors of length <see cref="TinyBert.EmbeddingLength"/>.</summary>
    public static string BertEmbedding => Get("bert-mean", () => TinyBert.Embedding());

    /// <summary>An encoder (<c>bert</c>) that pools the first token.</summary>
    public static string BertClsEmbedding => Get("bert-cls", () => TinyBert.Embedding(cls: true));

    /// <summary>A decoder (<c>qwen3</c>) that pools the last token, like Qwen3-Embedding.</summary>
    public static string Qwen3Embedding => Get("qwen3-last", () => TinyQwen3.Embedding());

    /// <summary>Finds paragraphs by shared rare tokens, with vectors of length <see cref="BagOfTokens.EmbeddingLength"/>.</summary>
    public static string LexicalEmbedding => Get("bag-of-tokens", () => BagOfTokens.Embedding());

    /// <summary>A re-ranker (<c>bert</c>) that reads pairs. <see cref="TinyRerankers"/> says how it ranks.</summary>
    public static string EncoderReranker => Get("bert-rank", () => TinyRerankers.Encoder());

    /// <summary>A re-ranker (<c>qwen3</c>) with a template, like Qwen3-Reranker.</summary>
    public static string DecoderReranker => Get("qwen3-rank", () => TinyRerankers.Decoder());

    public static string Malformed(MalformedModel kind) => Get($"malformed-{kind}", () => MalformedModels.Make(kind));

    private static string Get(string name, Func<GgufModel> make) => Get(name, () => make().ToBytes());

    private static string Get(string name, Func<byte[]> make) =>
        Paths.GetOrAdd(name, _ => new Lazy<string>(() => Write(name, make()))).Value;

    private static string Write(string name, byte[] bytes) => ModelCache.GetOrCreate(
        $"{name}-{Convert.ToHexStringLower(SHA256.HashData(bytes))[..16]}.gguf", stream => stream.Write(bytes));
}
