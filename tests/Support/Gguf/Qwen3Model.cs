namespace RedisInfer.Tests.Support.Gguf;

/// <summary>Assembles a GGUF of architecture <c>qwen3</c> from a shape, a vocabulary and a source of weights.</summary>
internal static class Qwen3Model
{
    public const string ChatTemplate =
        "{% for message in messages %}{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}" +
        "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";

    public static GgufModel Build(string name, Qwen3Shape shape, ByteLevelVocabulary vocabulary, Func<string, long[], GgufTensor> weights)
    {
        var metadata = new GgufMetadata()
            .Set("general.architecture", "qwen3")
            .Set("general.name", name)
            .Set("general.quantization_version", 2u)
            .Set("qwen3.context_length", (uint)shape.ContextLength)
            .Set("qwen3.embedding_length", (uint)shape.EmbeddingLength)
            .Set("qwen3.block_count", (uint)shape.BlockCount)
            .Set("qwen3.feed_forward_length", (uint)shape.FeedForwardLength)
            .Set("qwen3.attention.head_count", (uint)shape.HeadCount)
            .Set("qwen3.attention.head_count_kv", (uint)shape.KvHeadCount)
            .Set("qwen3.attention.key_length", (uint)shape.HeadLength)
            .Set("qwen3.attention.value_length", (uint)shape.HeadLength)
            .Set("qwen3.attention.layer_norm_rms_epsilon", 1e-6f)
            .Set("qwen3.rope.freq_base", shape.RopeBase);
        vocabulary.AddTo(metadata).Set("tokenizer.chat_template", ChatTemplate);
        return new GgufModel(metadata, [.. Tensors(shape, vocabulary.Tokens.Count, weights)]);
    }

    /// <summary>The tensors of a shape, each made by name and dimensions.</summary>
    public static IEnumerable<GgufTensor> Tensors(Qwen3Shape shape, long tokenCount, Func<string, long[], GgufTensor> weights)
    {
        long width = shape.EmbeddingLength, head = shape.HeadLength, wide = shape.FeedForwardLength;
        long queries = shape.HeadCount * head, keys = shape.KvHeadCount * head;

        yield return weights("token_embd.weight", [width, tokenCount]);
        yield return weights("output_norm.weight", [width]);
        if (!shape.Tied)
            yield return weights("output.weight", [width, tokenCount]);
        for (int block = 0; block < shape.BlockCount; block++)
        {
            yield return Of("attn_norm", width);
            yield return Of("ffn_norm", width);
            yield return Of("attn_q_norm", head);
            yield return Of("attn_k_norm", head);
            yield return Of("attn_q", width, queries);
            yield return Of("attn_k", width, keys);
            yield return Of("attn_v", width, keys);
            yield return Of("attn_output", queries, width);
            yield return Of("ffn_gate", width, wide);
            yield return Of("ffn_up", width, wide);
            yield return Of("ffn_down", wide, width);

            GgufTensor Of(string part, params long[] dimensions) => weights($"blk.{block}.{part}.weight", dimensions);
        }
    }
}
