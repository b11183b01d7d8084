using System.Text;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// Writes GGUF version 3, little-endian: magic, version, counts, metadata, tensor infos, then the data of each tensor at a multiple
/// of <see cref="Alignment"/>. The layout follows the GGUF specification in ggml's docs/gguf.md.
/// </summary>
public static class GgufWriter
{
    public const int Alignment = 32;

    public const uint Version = 3;

    private static readonly byte[] Zeros = new byte[Alignment];

    public static void Write(Stream destination, GgufMetadata metadata, IReadOnlyList<GgufTensor> tensors)
    {
        // The header is built separately, because data offsets count from its padded end.
        using var header = new MemoryStream();
        using (var writer = new BinaryWriter(header, Encoding.UTF8, leaveOpen: true))
        {
            writer.Write("GGUF"u8);
            writer.Write(Version);
            writer.Write((ulong)tensors.Count);
            writer.Write((ulong)metadata.Entries.Count);
            foreach ((string key, object value) in metadata.Entries)
                WritePair(writer, key, value);
            WriteInfos(writer, tensors);
        }

        header.WriteTo(destination);
        Pad(destination, header.Length);
        foreach (GgufTensor tensor in tensors)
        {
            tensor.WriteTo(destination);
            Pad(destination, tensor.ByteCount);
        }
    }

    private static void WriteInfos(BinaryWriter writer, IReadOnlyList<GgufTensor> tensors)
    {
        long offset = 0;
        foreach (GgufTensor tensor in tensors)
        {
            WriteString(writer, tensor.Name);
            writer.Write((uint)tensor.Shape.Count);
            foreach (long dimension in tensor.Shape)
                writer.Write(dimension);
            writer.Write((uint)tensor.Type);
            writer.Write(offset);
            offset += Aligned(tensor.ByteCount);
        }
    }

    private static void WritePair(BinaryWriter writer, string key, object value)
    {
        WriteString(writer, key);
        if (value is not Array array)
        {
            writer.Write((uint)TypeOf(value.GetType()));
            WriteValue(writer, value);
            return;
        }

        writer.Write((uint)GgufValueType.Array);
        writer.Write((uint)TypeOf(array.GetType().GetElementType()!));
        writer.Write((ulong)array.LongLength);
        foreach (object element in array)
            WriteValue(writer, element);
    }

    private static GgufValueType TypeOf(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Byte => GgufValueType.UInt8,
        TypeCode.SByte => GgufValueType.Int8,
        TypeCode.UInt16 => GgufValueType.UInt16,
        TypeCode.Int16 => GgufValueType.Int16,
        TypeCode.UInt32 => GgufValueType.UInt32,
        TypeCode.Int32 => GgufValueType.Int32,
        TypeCode.Single => GgufValueType.Float32,
        TypeCode.Boolean => GgufValueType.Bool,
        TypeCode.String => GgufValueType.String,
        TypeCode.UInt64 => GgufValueType.UInt64,
        TypeCode.Int64 => GgufValueType.Int64,
        TypeCode.Double => GgufValueType.Float64,
        _ => throw new ArgumentException($"GGUF metadata has no type for {type}.", nameof(type)),
    };

    private static void WriteValue(BinaryWriter writer, object value)
    {
        switch (value)
        {
            case byte v: writer.Write(v); break;
            case sbyte v: writer.Write(v); break;
            case ushort v: writer.Write(v); break;
            case short v: writer.Write(v); break;
            case uint v: writer.Write(v); break;
            case int v: writer.Write(v); break;
            case float v: writer.Write(v); break;
            case bool v: writer.Write(v); break;
            case string v: WriteString(writer, v); break;
            case ulong v: writer.Write(v); break;
            case long v: writer.Write(v); break;
            case double v: writer.Write(v); break;
            default: throw new ArgumentException($"GGUF metadata has no type for {value.GetType()}.", nameof(value));
        }
    }

    private static void WriteString(BinaryWriter writer, string value)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(value);
        writer.Write((ulong)bytes.Length);
        writer.Write(bytes);
    }

    private static long Aligned(long byteCount) => (byteCount + Alignment - 1) / Alignment * Alignment;

    private static void Pad(Stream destination, long byteCount) => destination.Write(Zeros, 0, (int)(Aligned(byteCount) - byteCount));
}
