using System.Buffers.Binary;
using RedisInfer.Words;

namespace RedisInfer.Corpus.Records;

/// <summary>
/// The stored form of the words of a document's chunks, all little-endian. docs/REDIS_FORMAT.md has the offsets. After the
/// <see cref="RecordHeader"/>, each chunk has
/// <list type="bullet">
/// <item>its index,</item>
/// <item>the number of its words,</item>
/// <item>their hashes,</item>
/// <item>their counts.</item>
/// </list>
/// </summary>
internal static class WordRecord
{
    private const uint Magic = 0x31574952; // "RIW1"
    private const int ChunkCountOffset = 24;
    private const int ChunkHeaderBytes = 2 * sizeof(int);
    private const int WordBytes = sizeof(uint) + sizeof(byte);

    /// <summary>Creates the record.</summary>
    /// <param name="name">The key it is stored under.</param>
    /// <param name="chunks">The chunks.</param>
    /// <returns>The bytes.</returns>
    /// <exception cref="Errors.RedisInferException">As for <see cref="StoredLimits.CheckValue"/>.</exception>
    public static byte[] Encode(string name, IReadOnlyList<ChunkWords> chunks)
    {
        long size = RecordHeader.Size + chunks.Sum(chunk => ChunkHeaderBytes + ((long)chunk.Words.Length * WordBytes));
        var record = new byte[StoredLimits.CheckValue(name, size)];
        BinaryPrimitives.WriteInt32LittleEndian(record.AsSpan(ChunkCountOffset), chunks.Count);
        Span<byte> rest = record.AsSpan(RecordHeader.Size);
        foreach (ChunkWords chunk in chunks)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, chunk.Index);
            BinaryPrimitives.WriteInt32LittleEndian(rest[sizeof(int)..], chunk.Words.Length);
            rest = rest[ChunkHeaderBytes..];
            for (int i = 0; i < chunk.Words.Length; i++)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(rest[(i * sizeof(uint))..], chunk.Words[i].Hash);
                rest[(chunk.Words.Length * sizeof(uint)) + i] = chunk.Words[i].Count;
            }

            rest = rest[(chunk.Words.Length * WordBytes)..];
        }

        RecordHeader.Seal(record, Magic, name);
        return record;
    }

    /// <summary>Checks and reads a record.</summary>
    /// <param name="name">The key it was stored under.</param>
    /// <param name="record">The stored bytes.</param>
    /// <returns>The chunks.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.StateCorrupt"/>.</exception>
    public static ChunkWords[] Decode(string name, ReadOnlySpan<byte> record)
    {
        RecordHeader.Check(record, Magic, name);
        int chunkCount = BinaryPrimitives.ReadInt32LittleEndian(record[ChunkCountOffset..]);
        ReadOnlySpan<byte> rest = record[RecordHeader.Size..];
        if (chunkCount < 0 || chunkCount > rest.Length / ChunkHeaderBytes)
            throw WrongLength(name);

        var chunks = new ChunkWords[chunkCount];
        for (int i = 0; i < chunkCount; i++)
        {
            if (rest.Length < ChunkHeaderBytes)
                throw WrongLength(name);
            int index = BinaryPrimitives.ReadInt32LittleEndian(rest);
            int wordCount = BinaryPrimitives.ReadInt32LittleEndian(rest[sizeof(int)..]);
            rest = rest[ChunkHeaderBytes..];
            if (index < 0 || wordCount < 0 || wordCount > rest.Length / WordBytes)
                throw WrongLength(name);
            var words = new WordCount[wordCount];
            for (int word = 0; word < wordCount; word++)
            {
                uint hash = BinaryPrimitives.ReadUInt32LittleEndian(rest[(word * sizeof(uint))..]);
                words[word] = new WordCount(hash, rest[(wordCount * sizeof(uint)) + word]);
            }

            chunks[i] = new ChunkWords(index, words);
            rest = rest[(wordCount * WordBytes)..];
        }

        return rest.IsEmpty ? chunks : throw WrongLength(name);
    }

    private static Errors.RedisInferException WrongLength(string name) =>
        RecordHeader.Corrupt(name, "its length does not match the numbers of its chunks and words");
}
