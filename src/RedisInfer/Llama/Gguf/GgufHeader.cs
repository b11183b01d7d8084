namespace RedisInfer.Llama.Gguf;

/// <summary>The header of a GGUF file: its metadata and the list of its tensors, without their data.</summary>
internal sealed class GgufHeader
{
    /// <summary>Metadata by key.</summary>
    internal required IReadOnlyDictionary<string, GgufValue> Metadata { get; init; }

    /// <summary>The tensors, in file order.</summary>
    internal required IReadOnlyList<GgufTensor> Tensors { get; init; }

    /// <summary>Facts about the vocabulary, collected while it was read.</summary>
    internal required GgufVocabularyScan Vocabulary { get; init; }

    /// <summary>XxHash128 of the header's bytes.</summary>
    internal required UInt128 Hash { get; init; }

    /// <summary>Offset of the data section, in bytes from the start of the file.</summary>
    internal required long DataOffset { get; init; }

    /// <summary>Size of the file in bytes.</summary>
    internal required long FileBytes { get; init; }

    /// <summary><c>general.architecture</c>; empty if it is missing.</summary>
    internal string Architecture => GetText("general.architecture") ?? "";

    /// <summary>Returns a string value.</summary>
    internal string? GetText(string key) => Metadata.GetValueOrDefault(key)?.Text;

    /// <summary>Returns an integer or boolean value.</summary>
    internal long? GetInteger(string key) => Metadata.GetValueOrDefault(key)?.Integer;

    /// <summary>Returns an integer value of the model's architecture, for example <c>block_count</c>.</summary>
    internal long? GetArchitectureInteger(string suffix) => GetInteger($"{Architecture}.{suffix}");

    /// <summary>Returns a value that is either one integer or one integer per layer.</summary>
    internal IReadOnlyList<long>? GetArchitectureIntegers(string suffix)
    {
        GgufValue? value = Metadata.GetValueOrDefault($"{Architecture}.{suffix}");
        return value?.Integer is { } one ? [one] : value?.Integers;
    }
}
