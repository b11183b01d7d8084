using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Benchmarks.Hostile.Kinds;

/// <summary>Makes model files that a converter would not write.</summary>
internal static class ModelDamage
{
    private const int ByteType = 6;
    private const int ControlType = 3;

    private static readonly string[] Architectures =
    [
        "llama", "llama4", "deci", "falcon", "grok", "gpt2", "gptj", "gptneox", "mpt", "baichuan", "starcoder", "refact", "bert",
        "nomic-bert", "jina-bert-v2", "bloom", "stablelm", "qwen", "qwen2", "qwen2moe", "qwen2vl", "qwen3moe", "qwen3next", "qwen3vl",
        "qwen35", "phi2", "phi3", "phimoe", "plamo", "plamo2", "codeshell", "orion", "internlm2", "minicpm", "minicpm3", "gemma",
        "gemma2", "gemma3", "gemma3n", "gemma-embedding", "starcoder2", "mamba", "mamba2", "jamba", "xverse", "command-r", "cohere2",
        "dbrx", "olmo", "olmo2", "olmoe", "openelm", "arctic", "deepseek", "deepseek2", "chatglm", "glm4", "glm4moe", "bitnet", "t5",
        "t5encoder", "jais", "nemotron", "nemotron_h", "exaone", "exaone4", "rwkv6", "rwkv6qwen2", "rwkv7", "arwkv7", "granite",
        "granitemoe", "granitehybrid", "chameleon", "wavtokenizer-dec", "plm", "bailingmoe", "bailingmoe2", "dots1", "arcee", "ernie4_5",
        "ernie4_5-moe", "hunyuan-moe", "hunyuan-dense", "smollm3", "gpt-oss", "lfm2", "lfm2moe", "dream", "smallthinker", "llada",
        "llada-moe", "seed_oss", "grovemoe", "apertus", "minimax-m2", "cogvlm", "rnd1", "pangu-embedded", "mistral3", "kimi-linear",
        "falcon-h1", "modern-bert", "clip",
    ];

    private static readonly string[] ArchitectureKeys =
    [
        "block_count", "context_length", "embedding_length", "embedding_length_out", "feed_forward_length", "vocab_size", "expert_count",
        "expert_used_count", "expert_group_count", "expert_group_used_count", "expert_shared_count", "expert_weights_scale",
        "expert_feed_forward_length", "expert_gating_func", "leading_dense_block_count", "nextn_predict_layers",
        "interleave_moe_layer_step", "moe_every_n_layers", "pooling_type", "attention.head_count", "attention.head_count_kv",
        "attention.key_length", "attention.value_length", "attention.key_length_mla", "attention.value_length_mla",
        "attention.key_length_swa", "attention.layer_norm_epsilon", "attention.layer_norm_rms_epsilon", "attention.group_norm_groups",
        "attention.group_norm_epsilon", "attention.causal", "attention.q_lora_rank", "attention.kv_lora_rank",
        "attention.sliding_window", "attention.sliding_window_pattern", "attention.scale", "attention.max_alibi_bias",
        "attention.clamp_kqv", "attention.relative_buckets_count", "attention.indexer.head_count", "attention.output_scale",
        "attention.temperature_length", "attention.shared_kv_layers", "attention.recurrent_layers", "rope.dimension_count",
        "rope.dimension_sections", "rope.freq_base", "rope.freq_base_swa", "rope.scale_linear", "rope.scaling.type",
        "rope.scaling.factor", "rope.scaling.attn_factor", "rope.scaling.original_context_length", "rope.scaling.yarn_log_multiplier",
        "rope.scaling.finetuned", "ssm.conv_kernel", "ssm.inner_size", "ssm.state_size", "ssm.time_step_rank", "ssm.group_count",
        "ssm.dt_b_c_rms", "wkv.head_size", "token_shift_count", "time_mix_extra_dim", "time_decay_extra_dim", "rescale_every_n_layers",
        "residual_scale", "embedding_scale", "logit_scale", "attn_logit_softcapping", "final_logit_softcapping", "use_parallel_residual",
        "tensor_data_layout", "decoder_start_token_id", "decoder_block_count", "shortconv.l_cache", "altup.num_inputs",
        "altup.active_idx", "embedding_length_per_layer_input", "n_deepstack_layers", "classifier.output_labels", "convnext.block_count",
        "convnext.embedding_length", "posnet.block_count", "posnet.embedding_length", "features_length", "swin_norm", "hidden_act",
        "dense_2_feat_in", "dense_2_feat_out", "token_type_count", "interleave", "kda.head_dim", "full_attention_interval",
    ];

    private static readonly string[] CommonKeys =
    [
        "general.architecture", "general.alignment", "general.file_type", "general.type", "general.name", "split.count", "split.no",
        "split.tensors.count", "adapter.type", "quantize.imatrix.file", "tokenizer.chat_template", "tokenizer.ggml.model",
        "tokenizer.ggml.pre", "tokenizer.ggml.tokens", "tokenizer.ggml.token_type", "tokenizer.ggml.scores", "tokenizer.ggml.merges",
        "tokenizer.ggml.bos_token_id", "tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id",
        "tokenizer.ggml.unknown_token_id", "tokenizer.ggml.seperator_token_id", "tokenizer.ggml.padding_token_id",
        "tokenizer.ggml.cls_token_id", "tokenizer.ggml.mask_token_id", "tokenizer.ggml.add_bos_token", "tokenizer.ggml.add_eos_token",
        "tokenizer.ggml.add_sep_token", "tokenizer.ggml.add_space_prefix", "tokenizer.ggml.remove_extra_whitespaces",
        "tokenizer.ggml.precompiled_charsmap", "tokenizer.ggml.fim_pre_token_id", "tokenizer.ggml.fim_suf_token_id",
        "tokenizer.ggml.prefix_token_id", "tokenizer.ggml.token_type_count", "tokenizer.ggml.suppress_tokens",
        "tokenizer.huggingface.json", "tokenizer.rwkv.world",
    ];

    private static readonly string[] OddTexts =
    [
        "", "llama", "bert", "gpt2", "t5", "rwkv", "plamo2", "none", "no_vocab", "hybriko", "default", "qwen2", "llama-bpe",
        "deepseek-llm", "falcon", "mpt", "starcoder", "gemma4", "kimi-k2", "viking", "tekken", "chatml", "linear", "yarn", "longrope",
        "model", "adapter", "vocab", "{{ bos_token }}", "{% for message in messages %}<|im_start|>{% endfor %}", "[INST]", "<|user|>",
        "<start_of_turn>", "\0", "a\0b",
    ];

    /// <summary>A copy whose tensors are in memory, so that files are made of it quickly.</summary>
    public static GgufModel Keep(GgufModel model) => model with { Tensors = [.. model.Tensors.Select(Keep)] };

    /// <summary>The model with a vocabulary of the kind that SentencePiece makes: scores, and a token for each byte.</summary>
    public static GgufModel WithScoredVocabulary(GgufModel model)
    {
        int count = model.Metadata.Get<string[]>("tokenizer.ggml.tokens").Length;
        string[] tokens =
        [
            "<unk>", "<s>", "</s>", .. Enumerable.Range(0, 256).Select(value => $"<0x{value:X2}>"),
            .. Enumerable.Range('a', 26).Select(letter => ((char)letter).ToString()), "\u2581",
        ];
        tokens = [.. tokens, .. Enumerable.Range(0, count - tokens.Length).Select(i => $"\u2581word{i}")];
        GgufMetadata metadata = Copy(model.Metadata)
            .Set("tokenizer.ggml.model", "llama")
            .Set("tokenizer.ggml.pre", "default")
            .Set("tokenizer.ggml.tokens", tokens)
            .Set("tokenizer.ggml.scores", tokens.Select((_, i) => -(float)i).ToArray())
            .Set("tokenizer.ggml.token_type", tokens.Select((_, i) => i < 3 ? ControlType : i < 259 ? ByteType : 1).ToArray());
        return model with { Metadata = metadata };
    }

    /// <summary>The bytes of a file with one to four odd things.</summary>
    public static byte[] Make(Random random, GgufModel model)
    {
        GgufModel changed = model with { Metadata = Copy(model.Metadata) };
        byte[]? bytes = null;
        int changes = 1 + random.Next(4);
        for (int i = 0; i < changes; i++)
        {
            int way = random.Next(10);
            if (way < 7 && bytes is null)
            {
                changed = way switch
                {
                    0 or 1 or 2 => WithOddKey(random, changed),
                    3 or 4 => WithOddVocabulary(random, changed),
                    5 => WithOtherArchitecture(random, changed),
                    _ => WithOddTensors(random, changed),
                };
            }
            else
            {
                bytes = DamageHeader(random, bytes ?? changed.ToBytes(), changed);
            }
        }

        return bytes ?? changed.ToBytes();
    }

    private static GgufMetadata Copy(GgufMetadata metadata)
    {
        var copy = new GgufMetadata();
        foreach ((string key, object value) in metadata.Entries)
        {
            copy.Set(key, value);
        }

        return copy;
    }

    private static GgufTensor Keep(GgufTensor tensor)
    {
        using var stream = new MemoryStream();
        tensor.WriteTo(stream);
        byte[] data = stream.ToArray();
        return GgufTensor.FromBlocks(
            tensor.Name, tensor.Type, [.. tensor.Shape], (offset, destination) => data.AsSpan((int)offset, destination.Length).CopyTo(destination));
    }

    private static GgufModel WithOddKey(Random random, GgufModel model)
    {
        string architecture = ArchitectureOf(model.Metadata);
        string key = random.Next(3) switch
        {
            0 => random.Pick(model.Metadata.Entries).Key,
            1 => $"{architecture}.{random.Pick(ArchitectureKeys)}",
            _ => random.Pick(CommonKeys),
        };
        model.Metadata.Set(key, OddValue(random, model.Metadata.Entries.FirstOrDefault(entry => entry.Key == key).Value));
        return model;
    }

    // Mostly of the type that is expected: a wrong type seldom gets far.
    private static object OddValue(Random random, object? before) => (before, random.Next(4)) switch
    {
        (float, > 0) => OddValues.Single(random),
        (string, > 0) => random.Pick(OddTexts),
        (uint or null, > 0) => unchecked((uint)OddValues.Integer(random)),
        (bool, > 0) => random.Chance(.5),
        (int[] values, > 0) => values.Select(value => random.Chance(.02) ? OddValues.Int32(random) : value).ToArray(),
        _ => AnyValue(random),
    };

    private static object AnyValue(Random random) => random.Next(14) switch
    {
        0 => (byte)random.Next(256),
        1 => (sbyte)random.Next(-128, 128),
        2 => unchecked((ushort)OddValues.Integer(random)),
        3 => unchecked((short)OddValues.Integer(random)),
        4 => OddValues.Int32(random),
        5 => OddValues.Single(random),
        6 => random.Chance(.5),
        7 => random.Chance(.5) ? random.Pick(OddTexts) : OddValues.Text(random, 2000),
        8 => unchecked((ulong)OddValues.Integer(random)),
        9 => OddValues.Integer(random),
        10 => (double)OddValues.Single(random),
        11 => Enumerable.Range(0, random.Next(600)).Select(_ => unchecked((uint)OddValues.Integer(random))).ToArray(),
        12 => Enumerable.Range(0, random.Next(600)).Select(_ => OddValues.Single(random)).ToArray(),
        _ => Enumerable.Range(0, random.Next(600)).Select(_ => random.Pick(OddTexts)).ToArray(),
    };

    private static GgufModel WithOddVocabulary(Random random, GgufModel model)
    {
        if (model.Metadata.Entries.FirstOrDefault(entry => entry.Key == "tokenizer.ggml.tokens").Value is not string[] { Length: > 0 } known)
        {
            return model;
        }

        string[] tokens = [.. known];
        int at = random.Next(tokens.Length);
        switch (random.Next(8))
        {
            case 0:
                tokens[at] = OddValues.Text(random, random.Chance(.1) ? 70_000 : 40);
                break;
            case 1:
                tokens[at] = random.Chance(.5) ? tokens[random.Next(tokens.Length)] : "";
                break;
            case 2:
                tokens = random.Chance(.5) ? tokens[..at] : [.. tokens, .. Enumerable.Range(0, 1 + random.Next(50)).Select(i => $"more{i}")];
                break;
            case 3:
                model.Metadata.Set("tokenizer.ggml.merges", OddMerges(random, tokens));
                break;
            case 4:
                model.Metadata.Set("tokenizer.ggml.token_type", Types(random, tokens.Length));
                break;
            case 5:
                model.Metadata.Set(
                    "tokenizer.ggml.scores", Enumerable.Range(0, random.Chance(.7) ? tokens.Length : at).Select(_ => OddValues.Single(random)).ToArray());
                break;
            case 6:
                model.Metadata.Set("tokenizer.ggml.model", random.Pick(OddTexts));
                break;
            default:
                model.Metadata.Set("tokenizer.ggml.pre", random.Pick(OddTexts));
                break;
        }

        model.Metadata.Set("tokenizer.ggml.tokens", tokens);
        return model;
    }

    private static int[] Types(Random random, int count) =>
        [.. Enumerable.Range(0, random.Chance(.7) ? count : random.Next(count + 5)).Select(_ => random.Chance(.05) ? OddValues.Int32(random) : random.Next(8))];

    private static string[] OddMerges(Random random, string[] tokens) =>
    [
        .. Enumerable.Range(0, random.Next(300)).Select(_ => random.Next(6) switch
        {
            0 => "",
            1 => " ",
            2 => OddValues.Text(random, 30),
            3 => $"{random.Pick(tokens)}",
            _ => $"{random.Pick(tokens)} {random.Pick(tokens)}",
        }),
    ];

    private static GgufModel WithOtherArchitecture(Random random, GgufModel model)
    {
        string before = ArchitectureOf(model.Metadata) + ".";
        string after = random.Pick(Architectures);
        var metadata = new GgufMetadata();
        foreach ((string key, object value) in model.Metadata.Entries)
        {
            metadata.Set(key.StartsWith(before, StringComparison.Ordinal) ? $"{after}.{key[before.Length..]}" : key, value);
        }

        metadata.Set("general.architecture", after);
        for (int i = random.Next(6); i > 0; i--)
        {
            metadata.Set($"{after}.{random.Pick(ArchitectureKeys)}", random.Chance(.8) ? (uint)random.Next(1, 70) : AnyValue(random));
        }

        return model with { Metadata = metadata };
    }

    private static GgufModel WithOddTensors(Random random, GgufModel model)
    {
        List<GgufTensor> tensors = [.. model.Tensors];
        int at = random.Next(tensors.Count);
        GgufTensor tensor = tensors[at];
        switch (random.Next(5))
        {
            case 0:
                tensors.RemoveAt(at);
                break;
            case 1:
                tensors.Add(tensor);
                break;
            case 2:
                tensors[at] = Zeros(random.Chance(.5) ? OddValues.Text(random, 90) : random.Pick(model.Tensors).Name, tensor.Type, [.. tensor.Shape]);
                break;
            case 3:
                tensors[at] = Zeros(tensor.Name, random.Pick(Enum.GetValues<GgufTensorType>()), [.. tensor.Shape.Reverse()]);
                break;
            default:
                long[] shape = [.. tensor.Shape];
                shape[random.Next(shape.Length)] = 32 * random.Next(1, 9);
                tensors[at] = Zeros(tensor.Name, tensor.Type, shape);
                break;
        }

        return model with { Tensors = tensors };
    }

    private static GgufTensor Zeros(string name, GgufTensorType type, long[] shape) =>
        shape[0] % BlockQuantizer.ElementsPerBlock(type) == 0
            ? GgufTensor.FromBlocks(name, type, shape, (_, destination) => destination.Clear())
            : GgufTensor.FromBlocks(name, GgufTensorType.F32, shape, (_, destination) => destination.Clear());

    private static byte[] DamageHeader(Random random, byte[] bytes, GgufModel model)
    {
        switch (random.Next(8))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                return bytes[..Math.Max(0, bytes.Length - random.Next(200))];
            case 2:
                byte[] rotten = [.. bytes];
                rotten[random.Next(bytes.Length)] ^= (byte)(1 << random.Next(8));
                return rotten;
            case 3:
                byte[] early = OddValues.Damage(random, bytes[..Math.Min(bytes.Length, 1500)]);
                return [.. early, .. bytes[Math.Min(bytes.Length, 1500)..]];
            default:
                return DamageTensorInfo(random, [.. bytes], random.Pick(model.Tensors));
        }
    }

    // An info is the name, the number of dimensions (32 bits), the dimensions (64 bits each), the type (32 bits) and the offset (64 bits).
    private static byte[] DamageTensorInfo(Random random, byte[] bytes, GgufTensor tensor)
    {
        byte[] name = Encoding.UTF8.GetBytes(tensor.Name);
        int start = bytes.AsSpan().IndexOf(name) + name.Length;
        int end = start + sizeof(int) + (tensor.Shape.Count * sizeof(long)) + sizeof(int) + sizeof(long);
        if (start < name.Length || end > bytes.Length)
        {
            return bytes;
        }

        switch (random.Next(4))
        {
            case 0:
                BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(start), random.Chance(.7) ? random.Next(7) : OddValues.Int32(random));
                break;
            case 1:
                int dimension = random.Next(tensor.Shape.Count);
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(start + sizeof(int) + (dimension * sizeof(long))), OddValues.Integer(random));
                break;
            case 2:
                BinaryPrimitives.WriteInt32LittleEndian(
                    bytes.AsSpan(end - sizeof(long) - sizeof(int)), random.Chance(.8) ? random.Next(45) : OddValues.Int32(random));
                break;
            default:
                BinaryPrimitives.WriteInt64LittleEndian(bytes.AsSpan(end - sizeof(long)), random.Chance(.5) ? 32 * random.Next(50_000) : OddValues.Integer(random));
                break;
        }

        return bytes;
    }

    private static string ArchitectureOf(GgufMetadata metadata) => string.Create(
        CultureInfo.InvariantCulture, $"{metadata.Entries.FirstOrDefault(entry => entry.Key == "general.architecture").Value}");
}
