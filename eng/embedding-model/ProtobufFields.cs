using System.Buffers.Binary;

namespace RedisInfer.EmbeddingModel;

/// <summary>Reads the fields of one protobuf message in their order (protobuf's "Encoding"). An ONNX file is such a message.</summary>
internal ref struct ProtobufFields(ReadOnlySpan<byte> message)
{
    private const int Varint = 0, Fixed64 = 1, Bytes = 2, Fixed32 = 5;

    private ReadOnlySpan<byte> _rest = message;

    /// <summary>Number of the current field.</summary>
    public int Number { get; private set; }

    /// <summary>Value of a field that is a number.</summary>
    public long Integer { get; private set; }

    /// <summary>Value of a field that is a text, bytes, a message or a packed list.</summary>
    public ReadOnlySpan<byte> Value { get; private set; }

    /// <summary>Moves to the next field.</summary>
    /// <exception cref="InvalidDataException">The message is damaged.</exception>
    public bool Read()
    {
        if (_rest.IsEmpty)
            return false;
        ulong tag = ReadVarint();
        Number = checked((int)(tag >> 3));
        Integer = 0;
        Value = default;
        switch ((int)(tag & 7))
        {
            case Varint: Integer = unchecked((long)ReadVarint()); break;
            case Fixed64: Integer = BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long))); break;
            case Bytes: Value = Take(checked((int)ReadVarint())); break;
            case Fixed32: Integer = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int))); break;
            default: throw Damaged();
        }

        return true;
    }

    /// <summary>Reads the numbers of a packed list.</summary>
    public static List<long> ReadPacked(ReadOnlySpan<byte> list)
    {
        var reader = new ProtobufFields(list);
        var numbers = new List<long>();
        while (!reader._rest.IsEmpty)
            numbers.Add(unchecked((long)reader.ReadVarint()));
        return numbers;
    }

    private ulong ReadVarint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte part = Take(1)[0];
            value |= (ulong)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw Damaged();
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if ((uint)count > (uint)_rest.Length)
            throw Damaged();
        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static InvalidDataException Damaged() => new("The ONNX model is damaged.");
}
