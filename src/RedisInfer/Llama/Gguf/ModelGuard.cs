using RedisInfer.Llama.Interop;

namespace RedisInfer.Llama.Gguf;

/// <summary>
/// Refuses a model file if its header shows that llama.cpp would end the process. llama.cpp asserts because it expects a converter's
/// output (llama-model.cpp <c>load_hparams</c>, llama-vocab.cpp <c>load</c>, v0.4.0).
/// </summary>
internal static class ModelGuard
{
    /// <summary><c>LLAMA_MAX_LAYERS</c>.</summary>
    internal const int MaxLayers = 512;

    /// <summary><c>LLAMA_MAX_EXPERTS</c>.</summary>
    internal const int MaxExperts = 1024;

    /// <summary>
    /// Maximum attention heads of a layer, far above any model's. Products of larger numbers overflow 32 bits and then seem to fit.
    /// </summary>
    internal const int MaxHeads = 16_384;

    /// <summary>Maximum numbers in an attention head, for the same reason.</summary>
    internal const int MaxHeadSize = 16_384;

    /// <summary>Maximum numbers of an embedding, far above any model's.</summary>
    internal const int MaxOutputLength = 65_536;

    /// <summary>Checks a header.</summary>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.ModelNotLoadable"/>.</exception>
    internal static void Check(GgufHeader header, string path)
    {
        if (header.Architecture.Length == 0)
        {
            throw GgufErrors.GgufUnusable(path, "the metadata key 'general.architecture' is missing, so the file holds no language model");
        }

        CheckRange(header, path, "block_count", 1, MaxLayers, required: true);
        CheckRange(header, path, "nextn_predict_layers", 0, header.GetArchitectureInteger("block_count") ?? 0, required: false);
        CheckRange(header, path, "pooling_type", 0, LlamaConstants.LLAMA_POOLING_TYPE_RANK, required: false);
        CheckHeads(header, path);
        CheckRope(header, path);
        CheckOutput(header, path);
        CheckNumbers(header, path);
        CheckExperts(header, path);
        CheckVocabulary(header, path);
        CheckTensors(header, path);
    }

    private static void CheckVocabulary(GgufHeader header, string path)
    {
        if (header.Vocabulary.DuplicateToken is { } token)
        {
            throw GgufErrors.GgufDamaged(path, $"its vocabulary holds the token '{token}' twice");
        }

        // llama.cpp uses a byte's token if no other token fits, which can happen with any text. So a vocabulary of this kind must have all
        // of them.
        string kind = header.GetText("tokenizer.ggml.model") ?? "";
        if (kind is "llama" or "plamo2" && header.Vocabulary.FirstMissingByte is { } missing)
        {
            throw GgufErrors.GgufDamaged(path, $"its vocabulary ('{kind}') has no token for the byte {missing:X2}");
        }

        // llama.cpp would take an empty token for ever at a byte that begins tokens and is none.
        if (kind == "rwkv" && header.Vocabulary.FirstMissingEscapedByte is { } none)
        {
            throw GgufErrors.GgufDamaged(path, $"its vocabulary ('{kind}') has no token for the byte {none:X2}");
        }

        if (header.Vocabulary.FirstMisnamedByteToken is { } misnamed)
        {
            throw GgufErrors.GgufDamaged(
                path, $"token {misnamed} of its vocabulary represents a byte, but is not named like one ('<0x41>')");
        }

        if (kind == "bert" && header.Vocabulary.HasByteTokens)
        {
            throw GgufErrors.GgufDamaged(path, "its vocabulary of word pieces has tokens that represent bytes");
        }
    }

    private static void CheckHeads(GgufHeader header, string path)
    {
        CheckRange(header, path, "attention.key_length", 0, MaxHeadSize, required: false);
        CheckRange(header, path, "attention.value_length", 0, MaxHeadSize, required: false);
        IReadOnlyList<long> heads = header.GetArchitectureIntegers("attention.head_count") ?? [];
        IReadOnlyList<long> kvHeads = header.GetArchitectureIntegers("attention.head_count_kv") ?? heads;
        if (heads.All(ofLayer => ofLayer == 0) && !ArchitectureFacts.WithoutAttention.Contains(header.Architecture))
        {
            throw GgufErrors.GgufDamaged(path, $"'{header.Architecture}.attention.head_count' is missing or 0, but the model has attention");
        }

        for (int layer = 0; layer < Math.Max(heads.Count, kvHeads.Count); layer++)
        {
            // The lists hold one number for all layers, or one per layer.
            long ofLayer = heads.Count == 1 ? heads[0] : heads.ElementAtOrDefault(layer);
            long kvOfLayer = kvHeads.Count == 1 ? kvHeads[0] : kvHeads.ElementAtOrDefault(layer);
            bool fits = ofLayer is >= 0 and <= MaxHeads && kvOfLayer >= 0 && kvOfLayer <= ofLayer && (kvOfLayer == 0 || ofLayer % kvOfLayer == 0);
            if (!fits)
            {
                throw GgufErrors.GgufDamaged(path, $"a layer has {ofLayer} attention heads and {kvOfLayer} heads for keys and values");
            }
        }

        long keySize = KvCacheSize.HeadSize(header, "key", 0);
        long valueSize = KvCacheSize.HeadSize(header, "value", 0);
        bool mustAgree = ArchitectureFacts.TurnWholeHeads.Contains(header.Architecture) || ArchitectureFacts.NotCausal.Contains(header.Architecture);
        if (mustAgree && keySize != valueSize)
        {
            throw GgufErrors.GgufDamaged(
                path, $"its attention heads have keys of length {keySize} and values of length {valueSize}, which must be equal");
        }
    }

    private static void CheckRope(GgufHeader header, string path)
    {
        long headSize = KvCacheSize.HeadSize(header, "key", 0);
        if (header.GetArchitectureInteger("rope.dimension_count") is { } turned
            && (ArchitectureFacts.TurnWholeHeads.Contains(header.Architecture) ? turned != headSize : turned < 0 || turned > headSize))
        {
            throw GgufErrors.GgufDamaged(
                path, $"its rotary positions (RoPE) cover {turned} of the {headSize} numbers of an attention head");
        }

        string key = $"{header.Architecture}.rope.scaling.type";
        if (header.GetText(key) is not (null or "none" or "linear" or "yarn" or "longrope"))
        {
            throw GgufErrors.GgufUnusable(path, $"'{key}' is '{header.GetText(key)}', a type that this release of llama.cpp does not know");
        }
    }

    // llama.cpp makes room for embeddings of this length, and reads as many numbers from a tensor that may be shorter.
    private static void CheckOutput(GgufHeader header, string path)
    {
        const string Key = "embedding_length_out";
        CheckRange(header, path, Key, 1, MaxOutputLength, required: false);
        long length = header.GetArchitectureInteger("embedding_length") ?? 0;
        if (header.GetArchitectureInteger(Key) is { } output && output != length
            && !header.Tensors.Any(tensor => tensor.Name.StartsWith("dense_", StringComparison.Ordinal) && tensor.Shape.Length == 2 && tensor.Shape[1] == output))
        {
            throw GgufErrors.GgufDamaged(
                path, $"'{header.Architecture}.{Key}' is {output}, but the embedding has {length} numbers, and no dense layer gives {output}");
        }
    }

    private static void CheckNumbers(GgufHeader header, string path)
    {
        foreach ((string key, GgufValue value) in header.Metadata)
        {
            bool isOfModel = key.StartsWith($"{header.Architecture}.", StringComparison.Ordinal);
            bool isEpsilon = key.EndsWith("epsilon", StringComparison.Ordinal);
            if (isOfModel && value.Float is { } number && (!double.IsFinite(number) || (isEpsilon && number < 0)))
            {
                throw GgufErrors.GgufDamaged(path, $"'{key}' is {number}");
            }
        }
    }

    private static void CheckExperts(GgufHeader header, string path)
    {
        CheckRange(header, path, "expert_count", 0, MaxExperts, required: false);
        long experts = header.GetArchitectureInteger("expert_count") ?? 0;
        long used = header.GetArchitectureIntegers("expert_used_count")?.DefaultIfEmpty(0).Max() ?? 0;
        long groups = header.GetArchitectureInteger("expert_group_count") ?? 0;
        long groupsUsed = header.GetArchitectureInteger("expert_group_used_count") ?? 0;
        if (experts == 0 && ArchitectureFacts.WithExperts.Contains(header.Architecture))
        {
            throw GgufErrors.GgufDamaged(path, $"'{header.Architecture}.expert_count' is missing or 0, but the model is made of experts");
        }

        bool fits = experts == 0
            ? used == 0 && groups == 0
            : used > 0 && used <= experts && groups < experts
              && (groups <= 1 || (experts % groups == 0 && groupsUsed > 0 && groupsUsed < groups));

        // Two architectures of the hunyuan family write expert counts for dense models. llama.cpp resets them.
        if (!fits && !(header.Architecture.StartsWith("hunyuan", StringComparison.Ordinal) && experts <= 1 && used <= experts && groups == 0))
        {
            throw GgufErrors.GgufDamaged(path, $"it declares {used} of {experts} experts in {groupsUsed} of {groups} groups");
        }
    }

    private static void CheckTensors(GgufHeader header, string path)
    {
        foreach (GgufTensor tensor in header.Tensors)
        {
            if (tensor.Offset > (ulong)Math.Max(0, header.FileBytes - header.DataOffset))
            {
                throw GgufErrors.GgufTruncated(
                    path, $"the tensor '{tensor.Name}' starts after the end of the file ({header.FileBytes} bytes)");
            }

            CheckType(tensor, path);
        }
    }

    private static void CheckType(GgufTensor tensor, string path)
    {
        if (ArchitectureFacts.Tables.Any(part => tensor.Name.Contains(part, StringComparison.Ordinal)))
        {
            return;
        }

        if (ArchitectureFacts.TypesWithoutProduct.Contains(tensor.Type))
        {
            throw GgufErrors.GgufDamaged(path, $"the tensor '{tensor.Name}' has the type {tensor.Type}, which llama.cpp cannot multiply with");
        }

        bool mustBeFloat = tensor.Shape.Skip(1).All(length => length == 1)
            || ArchitectureFacts.FloatTensors.Any(end => tensor.Name.EndsWith(end, StringComparison.Ordinal));
        if (mustBeFloat && tensor.Type != LlamaConstants.GGML_TYPE_F32)
        {
            throw GgufErrors.GgufDamaged(
                path, $"the tensor '{tensor.Name}' has the type {tensor.Type}, but llama.cpp computes with it as 32-bit floats (type 0)");
        }
    }

    private static void CheckRange(GgufHeader header, string path, string suffix, long min, long max, bool required)
    {
        if (header.Metadata.GetValueOrDefault($"{header.Architecture}.{suffix}") is null)
        {
            if (required)
            {
                throw GgufErrors.GgufDamaged(path, $"the metadata key '{header.Architecture}.{suffix}' is missing");
            }

            return;
        }

        long? value = header.GetArchitectureInteger(suffix);
        if (value is null || value < min || value > max)
        {
            throw GgufErrors.GgufDamaged(
                path, $"'{header.Architecture}.{suffix}' is {value?.ToString() ?? "no integer"}, but must be from {min} to {max}");
        }
    }
}
