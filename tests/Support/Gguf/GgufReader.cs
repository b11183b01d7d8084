using System.Text;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>Reads a GGUF file back, for tests that check what was written. It does not check its input.</summary>
public sealed class GgufReader
{
    private readonly byte[] _bytes;
    private readonly long _dataStart;
    private readonly Dictionary<string, (GgufTensorType Type, long[] Shape, long Offset)> _tensors = new(StringComparer.Ordinal);

    public GgufReader(byte[] bytes)
    {
        _bytes = bytes;
        using var reader = new BinaryReader(new MemoryStream(bytes), Encoding.UTF8);
        if (!reader.ReadBytes(4).AsSpan().SequenceEqual("GGUF"u8))
            throw new InvalidDataException("Not a GGUF file.");
        Version = reader.ReadUInt32();
        ulong tensorCount = reader.ReadUInt64(), pairCount = reader.ReadUInt64();
        for (ulong i = 0; i < pairCount; i++)
            Metadata.Add(ReadString(reader), ReadValue(reader, (GgufValueType)reader.ReadUInt32()));
        for (ulong i = 0; i < tensorCount; i++)
        {
            string name = ReadString(reader);
            var shape = new long[reader.ReadUInt32()];
            for (int d = 0; d < shape.Length; d++)
                shape[d] = reader.ReadInt64();
            _tensors.Add(name, ((GgufTensorType)reader.ReadUInt32(), shape, reader.ReadInt64()));
        }

        long position = reader.BaseStream.Position;
        _dataStart = (position + GgufWriter.Alignment - 1) / GgufWriter.Alignment * GgufWriter.Alignment;
    }

    public uint Version { get; }

    public Dictionary<string, object> Metadata { get; } = new(StringComparer.Ordinal);

    public IReadOnlyCollection<string> TensorNames => _tensors.Keys;

    public IReadOnlyList<long> ShapeOf(string tensor) => _tensors[tensor].Shape;

    public GgufTensorType TypeOf(string tensor) => _tensors[tensor].Type;

    /// <summary>The offset of the tensor's data from the start of the file.</summary>
    public long OffsetOf(string tensor) => _dataStart + _tensors[tensor].Offset;

    /// <summary>The decoded values of the tensor.</summary>
    public float[] Read(string tensor)
    {
        (GgufTensorType type, long[] shape, _) = _tensors[tensor];
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        int byteCount = (int)BlockQuantizer.ByteCount(type, values.Length);
        BlockQuantizer.Decode(type, _bytes.AsSpan((int)OffsetOf(tensor), byteCount), values);
        return values;
    }

    private static string ReadString(BinaryReader reader) => Encoding.UTF8.GetString(reader.ReadBytes((int)reader.ReadUInt64()));

    private static object ReadValue(BinaryReader reader, GgufValueType type)
    {
        if (type != GgufValueType.Array)
            return ReadScalar(reader, type);
        var elementType = (GgufValueType)reader.ReadUInt32();
        var values = new object[reader.ReadUInt64()];
        for (int i = 0; i < values.Length; i++)
            values[i] = ReadScalar(reader, elementType);
        return values;
    }

    private static object ReadScalar(BinaryReader reader, GgufValueType type) => type switch
    {
        GgufValueType.UInt8 => reader.ReadByte(),
        GgufValueType.Int8 => reader.ReadSByte(),
        GgufValueType.UInt16 => reader.ReadUInt16(),
        GgufValueType.Int16 => reader.ReadInt16(),
        GgufValueType.UInt32 => reader.ReadUInt32(),
        GgufValueType.Int32 => reader.ReadInt32(),
        GgufValueType.Float32 => reader.ReadSingle(),
        GgufValueType.Bool => reader.ReadBoolean(),
        GgufValueType.String => ReadString(reader),
        GgufValueType.UInt64 => reader.ReadUInt64(),
        GgufValueType.Int64 => reader.ReadInt64(),
        GgufValueType.Float64 => reader.ReadDouble(),
        _ => throw new InvalidDataException($"Metadata of type {type} is not supported."),
    };
}
