using System.Text;
using FsCheck;
using FsCheck.Fluent;
using RedisInfer.Chunking;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Words;

namespace RedisInfer.Tests.Property.Corpus;

public sealed class RecordProperties
{
    private const string Fingerprint = "00112233445566778899aabbccddeeff";

    /// <summary>Paths made of the characters that keys and records use, and of all other characters.</summary>
    private static Gen<string> Paths { get; } = Gen.OneOf(
            Gen.Elements(":", "chunk_", "_", "0", "1", "12", "tokens:", "{", "}", " ", "\n", "\0", "/", "a", "é", "日", "🦆", "\u0301", "*", "?", "["),
            Gen.Choose(0, 0x10FFFF).Where(Rune.IsValid).Select(point => new Rune(point).ToString()))
        .NonEmptyListOf()
        .Select(string.Concat);

    private static Gen<ChunkRef> References { get; } =
        from path in Paths
        from generation in Gen.Choose(1, int.MaxValue)
        from index in Gen.Choose(0, 100_000)
        select new ChunkRef((long)generation << 20, path, index);

    private static Gen<(ChunkRef Reference, Chunk Chunk, int[] Tokens)> Chunks { get; } =
        from reference in References
        from text in Paths
        from start in Gen.Choose(1, 1_000_000)
        from length in Gen.Choose(0, 1000)
        from tokens in Gen.Choose(0, 200_000).ArrayOf()
        select (reference, new Chunk(reference.Index, text, start, start + length), tokens);

    [Fact]
    public void ElementNamesReadBack() => Prop
        .ForAll(References.ToArbitrary(), reference => CorpusKeys.TryParseElement(CorpusKeys.Element(reference), out ChunkRef back)
            && back == reference)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void NoTwoChunksHaveTheSameKey()
    {
        var keys = new CorpusKeys("docs");
        Prop.ForAll(References.Two().ToArbitrary(), two =>
                (two.Item1 == two.Item2) == (keys.Chunk(two.Item1) == keys.Chunk(two.Item2)))
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void WordRecordsReadBackAndDamageIsRefused()
    {
        Gen<ChunkWords> chunk =
            from index in Gen.Choose(0, 100_000)
            from words in Gen.Choose(0, int.MaxValue).Zip(Gen.Choose(1, 255)).ArrayOf()
            select new ChunkWords(index, [.. words.Select(word => new WordCount((uint)word.Item1, (byte)word.Item2))]);
        Prop.ForAll(chunk.ArrayOf().Zip(Gen.Choose(0, int.MaxValue)).ToArbitrary(), given =>
            {
                byte[] record = WordRecord.Encode("words", given.Item1);
                ChunkWords[] read = WordRecord.Decode("words", record);
                bool same = read.Length == given.Item1.Length
                    && read.Zip(given.Item1).All(two => two.First.Index == two.Second.Index && two.First.Words.SequenceEqual(two.Second.Words));
                record[given.Item2 % record.Length] ^= 1;
                return same && Assert.Throws<RedisInferException>(() => WordRecord.Decode("words", record)).Code == RedisInferErrorCode.StateCorrupt;
            })
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void ChunkRecordsReadBack() => Prop
        .ForAll(Chunks.ToArbitrary(), written =>
        {
            StoredChunk read = ChunkRecord.Decode(written.Reference, Fingerprint, Encode(written));
            return read.Text == written.Chunk.Text
                && (read.Index, read.StartLine, read.EndLine) == (written.Chunk.Index, written.Chunk.StartLine, written.Chunk.EndLine)
                && read.Path == written.Reference.Path
                && read.Tokens.Span.SequenceEqual(written.Tokens);
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void ChunkRecordWithAnyBitChangedIsRefused() => Prop
        .ForAll(Chunks.ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (written, where) =>
        {
            byte[] record = Encode(written);
            int bit = where % (record.Length * 8);
            record[bit / 8] ^= (byte)(1 << (bit % 8));
            return IsRefused(() => ChunkRecord.Decode(written.Reference, Fingerprint, record));
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void ChunkRecordOfAnyOtherLengthIsRefused() => Prop
        .ForAll(Chunks.ToArbitrary(), Gen.Choose(0, 300).ToArbitrary(), (written, length) =>
        {
            byte[] record = Encode(written);
            byte[] other = length < record.Length ? record[..length] : [.. record, .. new byte[1 + length - record.Length]];
            return IsRefused(() => ChunkRecord.Decode(written.Reference, Fingerprint, other));
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void ChunkRecordOfAnotherChunkIsRefused() => Prop
        .ForAll(Chunks.ToArbitrary(), References.ToArbitrary(), (written, other) =>
            other == written.Reference || IsRefused(() => ChunkRecord.Decode(other, Fingerprint, Encode(written))))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void ChunkRecordOfAnotherTokenizerIsRefused() => Prop
        .ForAll(Chunks.ToArbitrary(), written =>
            IsRefused(() => ChunkRecord.Decode(written.Reference, new string('0', 32), Encode(written))))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void RandomBytesAreNoChunkRecord() => Prop
        .ForAll(References.ToArbitrary(), ArbMap.Default.ArbFor<byte[]>(), (reference, bytes) =>
            IsRefused(() => ChunkRecord.Decode(reference, Fingerprint, bytes)))
        .QuickCheckThrowOnFailure();

    [Fact]
    public void VectorRecordsReadBackAndDamagedOnesAreRefused() => Prop
        .ForAll(Gen.Choose(1, 20).ToArbitrary(), Gen.Choose(0, 10).ToArbitrary(), Gen.Choose(0, int.MaxValue).ToArbitrary(), (dimensions, count, seed) =>
        {
            var random = new Random(seed);
            int[] indexes = [.. Enumerable.Range(0, count).Select(i => 3 * i)];
            float[] rows = [.. Enumerable.Range(0, count * dimensions).Select(_ => random.NextSingle() - 0.5f)];
            byte[] record = VectorRecord.Encode("name", dimensions, indexes, rows);
            (int[] readIndexes, float[] readRows) = VectorRecord.Decode("name", dimensions, record);
            byte[] damaged = [.. record];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            return readIndexes.SequenceEqual(indexes)
                && readRows.SequenceEqual(rows)
                && IsRefused(() => VectorRecord.Decode("name", dimensions, damaged))
                && IsRefused(() => VectorRecord.Decode("other", dimensions, record))
                && IsRefused(() => VectorRecord.Decode("name", dimensions + 1, record));
        })
        .QuickCheckThrowOnFailure();

    [Fact]
    public void ManifestRecordsReadBack() => Prop
        .ForAll(
            (from path in Paths
             from numbers in Gen.Choose(0, int.MaxValue).Four()
             from chunks in Gen.Choose(0, StoredLimits.MostChunks)
             select new ManifestEntry(
                 path,
                 numbers.Item1,
                 Fingerprint,
                 chunks,
                 numbers.Item3,
                 (long)numbers.Item4 << 20,
                 DateTimeOffset.FromUnixTimeMilliseconds(numbers.Item1),
                 DocumentLabels.Of([path], new Dictionary<string, string> { [path] = path }) with { Encoding = path, Folder = path })
             {
                 Layout = chunks == 0 ? ChunkLayout.Empty : Layout(numbers.Item3, chunks),
             }).ToArbitrary(),
            entry => ManifestRecord.Decode(entry.Path, ManifestRecord.Encode(entry)) == entry)
        .QuickCheckThrowOnFailure();

    [Fact]
    public void PendingRecordsReadBack() => Prop
        .ForAll(
            (from path in Paths
             from kind in Gen.Elements(Enum.GetValues<PendingKind>())
             from numbers in Gen.Choose(0, int.MaxValue).Three()
             from chunks in Gen.Choose(0, StoredLimits.MostChunks)
             select new PendingRecord(
                 kind, numbers.Item1, numbers.Item2, Layout(numbers.Item2, chunks), "writer", DateTimeOffset.FromUnixTimeMilliseconds(numbers.Item3), path)).ToArbitrary(),
            record => PendingRecord.Decode(1, record.Encode()) == record)
        .QuickCheckThrowOnFailure();

    /// <summary>A layout of two runs that have <paramref name="count"/> chunks together.</summary>
    private static ChunkLayout Layout(long generation, int count) => count < 2
        ? ChunkLayout.Whole(generation, count)
        : new([new ChunkRun(generation, 0, count / 2, -count), new ChunkRun(generation + 1, 0, count - (count / 2), count)]);

    private static byte[] Encode((ChunkRef Reference, Chunk Chunk, int[] Tokens) written) =>
        ChunkRecord.Encode(CorpusKeys.Element(written.Reference), Fingerprint, written.Chunk, written.Tokens);

    private static bool IsRefused(Action decode)
    {
        try
        {
            decode();
            return false;
        }
        catch (RedisInferException e)
        {
            return e.Code == RedisInferErrorCode.StateCorrupt;
        }
    }
}
