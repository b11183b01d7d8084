using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using RedisInfer.Chunking;

namespace RedisInfer.Corpus.Records;

/// <summary>
/// The stored form of a chunk: <see cref="RecordHeader"/>, tokens as 32-bit integers, trail and text as UTF-8. All little-endian. Version 1
/// has neither trail nor page.
/// docs/REDIS_FORMAT.md has the offsets.
/// </summary>
internal static class ChunkRecord
{
    private const uint Magic = 0x31434952; // "RIC1"
    private const int FingerprintOffset = 8;
    private const int FingerprintSize = 16;
    private const int StartLineOffset = 24;
    private const int EndLineOffset = 28;
    private const int IndexOffset = 32;
    private const int TokenCountOffset = 36;
    private const int TextBytesOffset = 40;
    private const int TrailBytesOffset = 44;
    private const ushort Version = 2;
    private const int PageBytes = sizeof(int);

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Creates the record.</summary>
    /// <param name="name">The name it is stored under: <see cref="CorpusKeys.Element"/>.</param>
    /// <param name="tokenizerFingerprint">32 hexadecimal digits.</param>
    /// <param name="chunk">Text and lines.</param>
    /// <param name="tokens">The tokens.</param>
    /// <returns>The bytes.</returns>
    public static byte[] Encode(string name, string tokenizerFingerprint, Chunk chunk, ReadOnlySpan<int> tokens)
    {
        int tokenBytes = tokens.Length * sizeof(int);
        int textBytes = Encoding.UTF8.GetByteCount(chunk.Text);
        int trailBytes = Encoding.UTF8.GetByteCount(chunk.Trail);
        var record = new byte[RecordHeader.Size + tokenBytes + PageBytes + trailBytes + textBytes];
        Convert.FromHexString(tokenizerFingerprint, record.AsSpan(FingerprintOffset, FingerprintSize), out _, out _);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(StartLineOffset), chunk.StartLine);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(EndLineOffset), chunk.EndLine);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(IndexOffset), chunk.Index);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(TokenCountOffset), tokens.Length);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(TextBytesOffset), textBytes);
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(TrailBytesOffset), trailBytes);
        Span<int> destination = MemoryMarshal.Cast<byte, int>(record.AsSpan(RecordHeader.Size, tokenBytes));
        tokens.CopyTo(destination);
        SwapOnBigEndian(destination);
        Span<byte> rest = record.AsSpan(RecordHeader.Size + tokenBytes);
        BinaryPrimitives.WriteInt32LittleEndian(rest, chunk.Page ?? 0);
        Encoding.UTF8.GetBytes(chunk.Trail, rest[PageBytes..]);
        Encoding.UTF8.GetBytes(chunk.Text, rest[(PageBytes + trailBytes)..]);
        RecordHeader.Seal(record, Magic, name, Version);
        return record;
    }

    /// <summary>Checks and reads a record. Tokens and text are copied out of it.</summary>
    /// <param name="chunk">The chunk that the record must hold.</param>
    /// <param name="tokenizerFingerprint">The tokenizer that the tokens must have been made with.</param>
    /// <param name="record">The stored bytes.</param>
    /// <returns>The chunk.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.StateCorrupt"/>: the record cannot be trusted.
    /// </exception>
    public static StoredChunk Decode(in ChunkRef chunk, string tokenizerFingerprint, ReadOnlySpan<byte> record)
    {
        string name = CorpusKeys.Element(chunk);
        bool hasTrail = RecordHeader.Check(record, Magic, name, Version) == Version;
        if (!Convert.ToHexStringLower(record.Slice(FingerprintOffset, FingerprintSize))
            .Equals(tokenizerFingerprint, StringComparison.OrdinalIgnoreCase))
        {
            throw RecordHeader.Corrupt(name, "its tokens were made with another tokenizer than the corpus");
        }

        int index = BinaryPrimitives.ReadInt32LittleEndian(record[IndexOffset..]);
        int tokenCount = BinaryPrimitives.ReadInt32LittleEndian(record[TokenCountOffset..]);
        int textBytes = BinaryPrimitives.ReadInt32LittleEndian(record[TextBytesOffset..]);
        if (index != chunk.Index)
            throw RecordHeader.Corrupt(name, string.Create(CultureInfo.InvariantCulture, $"it holds chunk {index}"));
        int trailBytes = hasTrail ? BinaryPrimitives.ReadInt32LittleEndian(record[TrailBytesOffset..]) : 0;
        int pageBytes = hasTrail ? PageBytes : 0;
        long length = RecordHeader.Size + ((long)tokenCount * sizeof(int)) + pageBytes + trailBytes + textBytes;
        if (tokenCount < 0 || textBytes < 0 || trailBytes < 0 || length != record.Length)
            throw RecordHeader.Corrupt(name, "its length does not match its header");

        ReadOnlySpan<byte> payload = record[RecordHeader.Size..];
        int[] tokens = MemoryMarshal.Cast<byte, int>(payload[..(tokenCount * sizeof(int))]).ToArray();
        SwapOnBigEndian(tokens);
        ReadOnlySpan<byte> rest = payload[(tokenCount * sizeof(int))..];
        int page = hasTrail ? BinaryPrimitives.ReadInt32LittleEndian(rest) : 0;
        return new StoredChunk(
            chunk.Path,
            index,
            BinaryPrimitives.ReadInt32LittleEndian(record[StartLineOffset..]),
            BinaryPrimitives.ReadInt32LittleEndian(record[EndLineOffset..]),
            DecodeText(name, rest[(pageBytes + trailBytes)..]),
            tokens,
            record.Length)
        {
            Trail = DecodeText(name, rest[pageBytes..(pageBytes + trailBytes)]),
            Page = page > 0 ? page : null,
        };
    }

    private static string DecodeText(string name, ReadOnlySpan<byte> text)
    {
        try
        {
            return StrictUtf8.GetString(text);
        }
        catch (DecoderFallbackException)
        {
            throw RecordHeader.Corrupt(name, "its text is not UTF-8");
        }
    }

    private static void SwapOnBigEndian(Span<int> values)
    {
        if (!BitConverter.IsLittleEndian)
            BinaryPrimitives.ReverseEndianness(values, values);
    }
}
