using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RedisInfer.Corpus.Records;

/// <summary>
/// The stored form of a document's vectors, for servers without Vector Sets: <see cref="RecordHeader"/>, the chunk index of each row, the
/// rows (unit vectors, 32-bit floats). Chunks with a zero vector have no row. All little-endian.
/// </summary>
internal static class VectorRecord
{
    private const uint Magic = 0x31564952; // "RIV1"
    private const int RowCountOffset = 24;
    private const int DimensionsOffset = 28;

    /// <summary>Bytes of a row and its chunk index.</summary>
    /// <param name="dimensions">Length of the row.</param>
    public static long BytesPerRow(int dimensions) => sizeof(int) + ((long)dimensions * sizeof(float));

    /// <summary>Creates the record.</summary>
    /// <param name="name">The key it is stored under.</param>
    /// <param name="dimensions">Length of every row.</param>
    /// <param name="indexes">Chunk of each row.</param>
    /// <param name="rows">The unit vectors, one after another.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="Errors.RedisInferException">As for <see cref="StoredLimits.CheckValue"/>.</exception>
    public static byte[] Encode(string name, int dimensions, ReadOnlySpan<int> indexes, ReadOnlySpan<float> rows)
    {
        var record = new byte[StoredLimits.CheckValue(name, RecordHeader.Size + (indexes.Length * BytesPerRow(dimensions)))];
        int indexBytes = indexes.Length * sizeof(int);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(RowCountOffset), indexes.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(DimensionsOffset), dimensions);
        for (int i = 0; i < indexes.Length; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(RecordHeader.Size + (i * sizeof(int))), indexes[i]);
        }

        FloatBytes.Write(rows, record.AsSpan(RecordHeader.Size + indexBytes));
        RecordHeader.Seal(record, Magic, name);
        return record;
    }

    /// <summary>Checks and reads a record.</summary>
    /// <param name="name">The key it was stored under.</param>
    /// <param name="dimensions">The length its rows must have.</param>
    /// <param name="record">The stored bytes.</param>
    /// <returns>Chunk of each row, and the rows.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.StateCorrupt"/>.</exception>
    public static VectorRows Decode(string name, int dimensions, ReadOnlySpan<byte> record)
    {
        RecordHeader.Check(record, Magic, name);
        int rowCount = BinaryPrimitives.ReadInt32LittleEndian(record[RowCountOffset..]);
        int stored = BinaryPrimitives.ReadInt32LittleEndian(record[DimensionsOffset..]);
        if (stored != dimensions)
            throw RecordHeader.Corrupt(name, "its vectors have other dimensions than the corpus");
        if (rowCount < 0 || RecordHeader.Size + (rowCount * BytesPerRow(dimensions)) != record.Length)
            throw RecordHeader.Corrupt(name, "its length does not match its header");

        ReadOnlySpan<byte> payload = record[RecordHeader.Size..];
        int[] indexes = MemoryMarshal.Cast<byte, int>(payload[..(rowCount * sizeof(int))]).ToArray();
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(indexes, indexes);

        return new VectorRows(indexes, FloatBytes.Read(payload[(rowCount * sizeof(int))..]));
    }
}
