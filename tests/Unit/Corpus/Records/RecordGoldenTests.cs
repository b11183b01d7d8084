using System.Text;
using RedisInfer.Chunking;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Words;
using StackExchange.Redis;

namespace RedisInfer.Tests.Unit.Corpus.Records;

/// <summary>
/// Records of every stored format, byte for byte. Never change them: a later release that cannot read one of them breaks the data of
/// its users. A new format gets a new version and a new golden record.
/// </summary>
public sealed class RecordGoldenTests
{
    private const string Fingerprint = "00112233445566778899aabbccddeeff";

    private static readonly ChunkRef Reference = new(7, "guides/backups.md", 2);

    private static readonly Chunk Chunk = new(2, "Backups are kept 30 days – naïve?", 11, 14);

    private static readonly int[] Tokens = [1, 77, 151_643, 0];

    private const string ChunkVersion1 =
        "524943310100400000112233445566778899aabbccddeeff0b0000000e0000000200000004000000240000000000000038962defd2bb441f"
        + "7531dc8b64ead90e010000004d0000005b500200000000004261636b75707320617265206b657074203330206461797320e28093206e61c3"
        + "af76653f";

    private const string ChunkVersion2 =
        "524943310200400000112233445566778899aabbccddeeff0b0000000e0000000200000004000000240000000d00000038962defd2bb441f"
        + "ea353769accd1767010000004d0000005b50020000000000030000004775696465203e20436166c3a94261636b75707320617265206b6570"
        + "74203330206461797320e28093206e61c3af76653f";

    private const string VectorsVersion1 =
        "5249563101004000000000000000000000000000000000000200000002000000000000000000000000000000000000000e7acd22f8a4618f"
        + "0e94bafe2bd534be00000000030000009a99193fcdcc4c3f000080bf00000000";

    private const string WordsVersion1 =
        "524957310100400000000000000000000000000000000000020000000000000000000000000000000000000000000000f482a1aca582c2b5"
        + "28e2c3ba7efdb7ff000000000200000001000000ddccbbaa02ff0300000000000000";

    [Fact]
    public void WordRecordIsWrittenByteForByteAndRead()
    {
        ChunkWords[] chunks = [new(0, [new WordCount(1, 2), new WordCount(0xAABBCCDD, 255)]), new(3, [])];
        byte[] record = WordRecord.Encode("{docs}:7:words:guides/backups.md", chunks);

        Assert.Equal(WordsVersion1, Convert.ToHexStringLower(record));
        ChunkWords[] read = WordRecord.Decode("{docs}:7:words:guides/backups.md", record);
        Assert.Equal([0, 3], read.Select(chunk => chunk.Index));
        Assert.Equal(chunks[0].Words, read[0].Words);
        Assert.Equal(257, read[0].Length);
        Assert.Empty(read[1].Words);
    }

    [Fact]
    public void ChunkRecordIsWrittenByteForByte()
    {
        byte[] record = ChunkRecord.Encode(CorpusKeys.Element(Reference), Fingerprint, Chunk with { Trail = "Guide > Café", Page = 3 }, Tokens);

        Assert.Equal(ChunkVersion2, Convert.ToHexStringLower(record));
    }

    [Fact]
    public void ChunkRecordOfVersion2IsRead()
    {
        StoredChunk stored = ChunkRecord.Decode(Reference, Fingerprint, Convert.FromHexString(ChunkVersion2));

        Assert.Equal(("Guide > Café", 3, Chunk.Text), (stored.Trail, stored.Page, stored.Text));
        Assert.Equal(Tokens, stored.Tokens.ToArray());
    }

    [Fact]
    public void ChunkRecordOfVersion1IsRead()
    {
        StoredChunk stored = ChunkRecord.Decode(Reference, Fingerprint, Convert.FromHexString(ChunkVersion1));

        Assert.Equal((Reference.Path, 2, 11, 14, Chunk.Text), (stored.Path, stored.Index, stored.StartLine, stored.EndLine, stored.Text));
        Assert.Equal(("", null), (stored.Trail, stored.Page));
        Assert.Equal(Tokens, stored.Tokens.ToArray());
        Assert.Equal(ChunkVersion1.Length / 2, stored.Bytes);
    }

    [Fact]
    public void TokensStartAtOffset64AsTheFormatSays()
    {
        byte[] record = Convert.FromHexString(ChunkVersion1);

        Assert.Equal("RIC1", Encoding.ASCII.GetString(record, 0, 4));
        Assert.Equal(Tokens, Enumerable.Range(0, 4).Select(i => BitConverter.ToInt32(record, 64 + (4 * i))));
        Assert.Equal(Chunk.Text, Encoding.UTF8.GetString(record, 80, record.Length - 80));
    }

    [Fact]
    public void VectorRecordIsWrittenAndReadByteForByte()
    {
        byte[] record = VectorRecord.Encode("{docs}:7:vectors:a.md", 2, [0, 3], [0.6f, 0.8f, -1f, 0f]);

        Assert.Equal(VectorsVersion1, Convert.ToHexStringLower(record));
        (int[] indexes, float[] rows) = VectorRecord.Decode("{docs}:7:vectors:a.md", 2, Convert.FromHexString(VectorsVersion1));
        Assert.Equal([0, 3], indexes);
        Assert.Equal([0.6f, 0.8f, -1f, 0f], rows);
    }

    [Fact]
    public void ManifestRecordIsWrittenAndRead()
    {
        var entry = new ManifestEntry("a b.md", 7, Fingerprint, 3, 120, 4567, DateTimeOffset.FromUnixTimeMilliseconds(1_763_871_881_234), DocumentLabels.None);
        const string Version1 = "1 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234";

        Assert.Equal(Version1, ManifestRecord.Encode(entry));
        Assert.Equal(entry, ManifestRecord.Decode("a b.md", Version1));
    }

    [Fact]
    public void ManifestRecordWithLabelsIsWrittenAndRead()
    {
        DocumentLabels labels = DocumentLabels.Of(["b c", "a", "a"], new Dictionary<string, string> { ["team"] = "quay", ["a \"b"] = "" });
        var entry = new ManifestEntry("a.md", 7, Fingerprint, 3, 120, 4567, DateTimeOffset.FromUnixTimeMilliseconds(1_763_871_881_234), labels);
        const string Version2 = "2 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234 "
            + """{"tags":["a","b c"],"meta":{"a \u0022b":"","team":"quay"}}""";

        Assert.Equal(Version2, ManifestRecord.Encode(entry));
        Assert.Equal(entry, ManifestRecord.Decode("a.md", Version2));
    }

    [Fact]
    public void ManifestRecordOfAFileIsWrittenAndRead()
    {
        DocumentLabels labels = DocumentLabels.None with { Encoding = "windows-1252", Folder = "/srv/a b" };
        var entry = new ManifestEntry("a.md", 7, Fingerprint, 3, 120, 4567, DateTimeOffset.FromUnixTimeMilliseconds(1_763_871_881_234), labels);
        const string Version2 = "2 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234 "
            + """{"tags":[],"meta":{},"encoding":"windows-1252","folder":"/srv/a b"}""";

        Assert.Equal(Version2, ManifestRecord.Encode(entry));
        Assert.Equal(entry, ManifestRecord.Decode("a.md", Version2));
    }

    [Theory]
    [InlineData("")]
    [InlineData("2 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234")]
    [InlineData("2 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234 {}")]
    [InlineData("2 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234 {\"tags\":[1],\"meta\":{}}")]
    [InlineData("2 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234 {\"tags\":[],\"meta\":{},\"folder\":1}")]
    [InlineData("1 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234 {\"tags\":[],\"meta\":{}}")]
    [InlineData("3 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234 7:0:3")]
    [InlineData("3 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234 7:0:2 {\"tags\":[],\"meta\":{}}")]
    [InlineData("3 7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234 7:2147483647:3 {\"tags\":[],\"meta\":{}}")]
    [InlineData("1 -7 00112233445566778899aabbccddeeff 3 120 4567 1763871881234")]
    [InlineData("1 7 00112233445566778899aabbccddee 3 120 4567 1763871881234")]
    [InlineData("1 7 00112233445566778899aabbccddeeff 3000000000 120 4567 1763871881234")]
    [InlineData("1 7 00112233445566778899aabbccddeeff 3 120 4567")]
    [InlineData("1 7 00112233445566778899aabbccddeeff 3 120 4567 9223372036854775807")]
    public void DamagedManifestRecordIsRefused(string record)
    {
        RedisInferException e = Assert.Throws<RedisInferException>(() => ManifestRecord.Decode("a.md", record));

        Assert.Equal(RedisInferErrorCode.StateCorrupt, e.Code);
        Assert.Contains("a.md", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void PendingRecordIsWrittenAndReadWithAnyPath()
    {
        ChunkLayout chunks = new([new ChunkRun(7, 0, 3), new ChunkRun(5, 9, 1)]);
        var record = new PendingRecord(
            PendingKind.Retired, 4, 7, chunks, "abc", DateTimeOffset.FromUnixTimeMilliseconds(1_763_871_881_234), " a  b\n c ");
        const string Version2 = "2 retired 4 7 7:0:3,5:9:1 abc 1763871881234  a  b\n c ";

        Assert.Equal(Version2, record.Encode());
        Assert.Equal(record, PendingRecord.Decode(9, Version2));
    }

    [Fact]
    public void PendingRecordOfVersion1IsRead()
    {
        PendingRecord record = PendingRecord.Decode(9, "1 retired 4 12 abc 1763871881234  a  b\n c ");

        Assert.Equal((PendingKind.Retired, 4L, 9L, "9:0:12", "abc", " a  b\n c "), (
            record.Kind, record.Epoch, record.Generation, record.Chunks.Encode(), record.Writer, record.Path));
    }

    [Fact]
    public void ManifestRecordOfChunksOfSeveralWritesIsWrittenAndRead()
    {
        var entry = new ManifestEntry(
            "a b.md", 7, Fingerprint, 5, 120, 4567, DateTimeOffset.FromUnixTimeMilliseconds(1_763_871_881_234), DocumentLabels.Of(["t"], new Dictionary<string, string>()))
        {
            Layout = new([new ChunkRun(5, 0, 2, -3), new ChunkRun(7, 2, 1), new ChunkRun(5, 3, 2, 12)]),
        };
        const string Version3 =
            """3 7 00112233445566778899aabbccddeeff 5 120 4567 1763871881234 5:0:2:-3,7:2:1,5:3:2:12 {"tags":["t"],"meta":{}}""";

        Assert.Equal(Version3, ManifestRecord.Encode(entry));
        Assert.Equal(entry, ManifestRecord.Decode("a b.md", Version3));
        Assert.Equal(Version3, ManifestRecord.Encode(ManifestRecord.Decode("a b.md", Version3)));
    }

    [Theory]
    [InlineData("1 lost 4 12 abc 1763871881234 a")]
    [InlineData("1 retired 4 12 abc")]
    [InlineData("2 retired 4 12 abc 1763871881234 a")]
    [InlineData("2 retired 4 7 7:0 abc 1763871881234 a")]
    [InlineData("2 retired 4 7 7:0:0 abc 1763871881234 a")]
    [InlineData("3 retired 4 7 7:0:3 abc 1763871881234 a")]
    public void DamagedPendingRecordIsRefused(string record) => Assert.Equal(
        RedisInferErrorCode.StateCorrupt, Assert.Throws<RedisInferException>(() => PendingRecord.Decode(9, record)).Code);

    [Fact]
    public void MetaOfAnotherFormatIsRefusedAndThatOfThisOneIsRead()
    {
        var meta = new CorpusMeta(new IndexIdentity("lexical/1", 1024, Fingerprint), VectorStorage.VectorSet, 5);
        CorpusMeta ofChunker = meta with { Identity = meta.Identity with { Chunker = "paragraph/2" } };
        HashEntry[] version2 =
        [
            new("format", "2"), new("embedding", "lexical/1"), new("dimensions", "1024"), new("tokenizer", Fingerprint),
            new("chunker", "paragraph/2"), new("vectors", "vector-set"), new("epoch", "5"),
        ];
        HashEntry[] version1 =
        [
            new("format", "1"), new("embedding", "lexical/1"), new("dimensions", "1024"), new("tokenizer", Fingerprint),
            new("vectors", "vector-set"), new("epoch", "5"),
        ];

        Assert.Equal(version2.Select(e => e.ToString()), ofChunker.Encode().Select(e => e.ToString()));
        Assert.Equal(ofChunker, CorpusMeta.Decode("docs", version2));
        Assert.Equal(meta, CorpusMeta.Decode("docs", version1));
        Assert.Null(CorpusMeta.Decode("docs", []));
        version1[0] = new HashEntry("format", "3");
        RedisInferException e = Assert.Throws<RedisInferException>(() => CorpusMeta.Decode("docs", version1));
        Assert.Equal(RedisInferErrorCode.IndexMismatch, e.Code);
    }
}
