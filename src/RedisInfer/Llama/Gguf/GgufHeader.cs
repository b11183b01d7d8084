namespace RedisInfer.Llama.Gguf;

/// <summary>What a GGUF file says of itself: metadata and the list of tensors, without their data.</summary>
internal sealed class GgufHeader
{
    /// <summary>Metadata by key.</summary>
    internal required IReadOnlyDictionary<string, GgufValue> Metadata { get; init; }

    /// <summary>The tensors, in file order.</summary>
    internal required IReadOnlyList<GgufTensor> Tensors { get; init; }

    /// <summary>What was seen of the vocabulary.</summary>
    internal required GgufVocabularyScan Vocabulary { get; init; }

    /// <summary>XxHash128 of the header's bytes.</summary>
    internal required UInt128 Hash { get; init; }

    /// <summary>Where the data section starts, in bytes from the start of the file.</summary>
    internal required long DataOffset { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    internal required long FileBytes { get; init; }

    /// <summary><c>general.architecture</c>; empty where it is missing.</summary>
    internal string Architecture => GetText("general.architecture") ?? "";

    /// <summary>A string value.</summary>
    internal string? GetText(string key) => Metadata.GetValueOrDefault(key)?.Text;

    /// <summary>An integer or boolean value.</summary>
    internal long? GetInteger(string key) => Metadata.GetValueOrDefault(key)?.Integer;

    /// <summary>An integer value of the model's architecture, for example <c>block_count</c>.</summary>
    internal long? GetArchitectureInteger(string suffix) => GetInteger($"{Architecture}.{suffix}");

    /// <summary>A value that is either one integer or one per layer.</summary>
    internal IReadOnlyList<long>? GetArchitectureIntegers(string suffix)
    {
        GgufValue? value = Metadata.GetValueOrDefault($"{Architecture}.{suffix}");
        return value?.Integer is { } one ? [one] : value?.Integers;
    }
}
