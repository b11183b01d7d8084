namespace RedisInfer.Llama.Gguf;

/// <summary>What llama.cpp v0.4.0 assumes about some architectures, by the names in <c>general.architecture</c>.</summary>
internal static class ArchitectureFacts
{
    /// <summary>
    /// Models without a causal mask. Not all of them say so in <c>attention.causal</c>. <c>llama_model::create_memory</c> gives them no KV
    /// cache, or they are encoders.
    /// </summary>
    internal static readonly HashSet<string> NotCausal = new(StringComparer.Ordinal)
    {
        "bert", "modern-bert", "nomic-bert", "nomic-bert-moe", "neo-bert", "jina-bert-v2", "jina-bert-v3", "eurobert",
        "gemma-embedding", "t5encoder", "wavtokenizer-dec", "dream", "llada", "llada-moe", "rnd1",
    };

    /// <summary>Models without any attention. All others divide by the number of their attention heads.</summary>
    internal static readonly HashSet<string> WithoutAttention = new(StringComparer.Ordinal)
    {
        "mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7", "wavtokenizer-dec",
    };

    /// <summary>Models that cannot be without experts. Some of their loaders assert it.</summary>
    internal static readonly HashSet<string> WithExperts = new(StringComparer.Ordinal)
    {
        "bailingmoe", "bailingmoe2", "dbrx", "glm4moe", "gpt-oss", "grovemoe", "grok", "llada-moe", "olmoe", "phimoe", "qwen2moe", "qwen3moe",
        "qwen3vlmoe", "smallthinker",
    };

    /// <summary>
    /// Ends of the names of tensors that are added, multiplied or convolved as 32-bit floats, and that converters therefore write so. All
    /// tensors of one dimension are such tensors, too.
    /// </summary>
    internal static readonly string[] FloatTensors =
    [
        "norm.weight", ".bias", "token_types.weight", "ssm_conv1d.weight", "ssm_conv1d_q.weight", "ssm_conv1d_k.weight", "ssm_conv1d_v.weight",
        "ssm_a", "ssm_d", "shortconv.conv.weight", "time_mix_first.weight", "time_mix_lerp_fused.weight", "time_mix_decay.weight",
        "time_mix_r_k.weight", "time_mix_k_k.weight", "time_mix_k_a.weight",
    ];

    /// <summary>
    /// Types (<c>ggml_type</c>) for which ggml has no product with floats, and then calls nothing: those of its intermediate results (Q8_1,
    /// Q8_K), integers, and 64-bit floats.
    /// </summary>
    internal static readonly HashSet<uint> TypesWithoutProduct = [9, 15, 24, 25, 26, 27, 28];

    /// <summary>Parts of the names of tensors that are tables of integers. Nothing is multiplied with them.</summary>
    internal static readonly string[] Tables = ["d2t", "tid2eid"];

    /// <summary>
    /// Models that apply rotary positions (RoPE) to whole attention heads. Their graphs assert it, and nothing else in the file shows it.
    /// The graphs of both lists also assert that the keys of an attention head are as long as its values.
    /// </summary>
    internal static readonly HashSet<string> TurnWholeHeads = new(StringComparer.Ordinal)
    {
        "apertus", "arcee", "arctic", "baichuan", "chameleon", "codeshell", "cogvlm", "cohere2moe", "dbrx", "deepseek", "dots1",
        "dream", "ernie4_5", "ernie4_5-moe", "exaone", "exaone-moe", "exaone4", "falcon", "granite", "granite_swa", "graniteswitch",
        "grok", "grovemoe", "hunyuan-moe", "hunyuan_vl", "hy_v3", "internlm2", "jais2", "llada", "llada-moe", "llama", "llama4",
        "maincoder", "mellum", "mistral3", "olmo", "olmo2", "olmoe", "orion", "paddleocr", "pangu-embedded", "plamo", "pockettts",
        "qwen2", "qwen2moe", "qwen2vl", "qwen3", "qwen3moe", "qwen3vl", "qwen3vlmoe", "rnd1", "seed_oss", "smallthinker", "smollm3",
        "starcoder2", "talkie", "xverse",
    };
}
