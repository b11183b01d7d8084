using System.Buffers.Binary;
using System.IO.Hashing;
using System.Text;
using RedisInfer.Errors;

namespace RedisInfer.Corpus.Records;

/// <summary>
/// The header of every binary record: magic number and version, the hash of the name that it is stored under, and a checksum over the whole
/// record. It is little-endian and has 64 bytes, so that what follows is aligned. It guards against damage and mix-ups, not against someone
/// with write access to the server.
/// </summary>
internal static class RecordHeader
{
    public const int Size = 64;
    private const int NameHashOffset = 48;
    private const int ChecksumOffset = 56;

    /// <summary>Completes a record whose other fields are set.</summary>
    public static void Seal(Span<byte> record, uint magic, string name, ushort version = 1)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(record, magic);
        BinaryPrimitives.WriteUInt16LittleEndian(record[4..], version);
        BinaryPrimitives.WriteUInt16LittleEndian(record[6..], Size);
        BinaryPrimitives.WriteUInt64LittleEndian(record[NameHashOffset..], HashName(name));
        BinaryPrimitives.WriteUInt64LittleEndian(record[ChecksumOffset..], Checksum(record));
    }

    /// <summary>Checks a record before any other field of it is used.</summary>
    /// <returns>Its format version: 1, or up to <paramref name="newest"/>.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.StateCorrupt"/>.</exception>
    public static ushort Check(ReadOnlySpan<byte> record, uint magic, string name, ushort newest = 1)
    {
        if (record.Length < Size)
            throw Corrupt(name, $"it has only {record.Length} bytes");
        if (BinaryPrimitives.ReadUInt32LittleEndian(record) != magic)
            throw Corrupt(name, "it does not start with its magic number");
        ushort version = BinaryPrimitives.ReadUInt16LittleEndian(record[4..]);
        if (version is 0 || version > newest)
            throw Corrupt(name, $"it has format version {version}, but this release reads version {newest}");
        if (BinaryPrimitives.ReadUInt16LittleEndian(record[6..]) != Size)
            throw Corrupt(name, "its header has the wrong size");
        if (BinaryPrimitives.ReadUInt64LittleEndian(record[ChecksumOffset..]) != Checksum(record))
            throw Corrupt(name, "its checksum does not match");
        if (BinaryPrimitives.ReadUInt64LittleEndian(record[NameHashOffset..]) != HashName(name))
            throw Corrupt(name, "it was written under another name");
        return version;
    }

    public static RedisInferException Corrupt(string name, string what) => new(
        RedisInferErrorCode.StateCorrupt,
        $"The stored record '{name}' is damaged or was made by something else: {what}. Remove the document and add it again, or clear "
        + "the corpus.");

    private static ulong HashName(string name) => XxHash64.HashToUInt64(Encoding.UTF8.GetBytes(name));

    private static ulong Checksum(ReadOnlySpan<byte> record)
    {
        var hash = new XxHash64();
        hash.Append(record[..ChecksumOffset]);
        hash.Append(record[Size..]);
        return hash.GetCurrentHashAsUInt64();
    }
}
