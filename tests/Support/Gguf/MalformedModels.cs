using System.Buffers.Binary;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>Makes model files that are wrong in exactly one point.</summary>
public static class MalformedModels
{
    private const ulong Huge = 1UL << 62;

    // Offsets in the GGUF header: magic 0, version 4, tensor count 8, metadata count 16, length of the first key 24.
    private const int VersionOffset = 4, TensorCountOffset = 8, MetadataCountOffset = 16, FirstKeyLengthOffset = 24;

    public static byte[] Make(MalformedModel kind) => kind switch
    {
        MalformedModel.Empty => [],
        MalformedModel.PlainText => "# Not a model\n\nA page of text that somebody saved under a model's name.\n"u8.ToArray(),
        MalformedModel.WrongMagic => Patched(bytes => "GGML"u8.CopyTo(bytes)),
        MalformedModel.WrongVersion => Patched(bytes => BinaryPrimitives.WriteUInt32LittleEndian(bytes[VersionOffset..], 99)),
        MalformedModel.TruncatedHeader => TinyQwen3.Text().ToBytes()[..600],
        MalformedModel.TruncatedTensors => Half(TinyQwen3.Text().ToBytes()),
        MalformedModel.NoBlocks => WithMetadata("qwen3.block_count", 0u),
        MalformedModel.TooManyBlocks => WithMetadata("qwen3.block_count", 513u),
        MalformedModel.DuplicateTokens => WithDuplicateTokens(),
        MalformedModel.HugeTensorCount => WithHuge(TensorCountOffset),
        MalformedModel.HugeMetadataCount => WithHuge(MetadataCountOffset),
        MalformedModel.HugeStringLength => WithHuge(FirstKeyLengthOffset),
        MalformedModel.HugeArrayLength => WithHugeTokenCount(),
        MalformedModel.UnknownArchitecture => WithMetadata("general.architecture", "no-such-architecture"),
        MalformedModel.MissingTensor => WithoutTensor("blk.1.ffn_down.weight"),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Unknown kind."),
    };

    private static byte[] Half(byte[] bytes) => bytes[..(bytes.Length / 2)];

    private static byte[] Patched(Action<Span<byte>> patch)
    {
        byte[] bytes = TinyQwen3.Text().ToBytes();
        patch(bytes);
        return bytes;
    }

    private static byte[] WithHuge(int offset) => Patched(bytes => BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], Huge));

    private static byte[] WithHugeTokenCount() => Patched(bytes =>
    {
        // The key is followed by the type (array), the element type, and the length.
        ReadOnlySpan<byte> key = "tokenizer.ggml.tokens"u8;
        int offset = bytes.IndexOf(key) + key.Length + sizeof(uint) + sizeof(uint);
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[offset..], Huge);
    });

    private static byte[] WithMetadata(string key, object value)
    {
        GgufModel model = TinyQwen3.Text();
        model.Metadata.Set(key, value);
        return model.ToBytes();
    }

    private static byte[] WithDuplicateTokens()
    {
        string[] tokens = [.. ByteLevelVocabulary.Small.Tokens];
        tokens[300] = tokens[301];
        return WithMetadata("tokenizer.ggml.tokens", tokens);
    }

    private static byte[] WithoutTensor(string name)
    {
        GgufModel model = TinyQwen3.Text();
        return (model with { Tensors = [.. model.Tensors.Where(t => t.Name != name)] }).ToBytes();
    }
}
