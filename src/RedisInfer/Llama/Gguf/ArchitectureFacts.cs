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
