using RedisInfer.Corpus.Records;
using RedisInfer.Errors;

namespace RedisInfer.Tests.Unit.Corpus.Records;

/// <summary>Records that claim more chunks than a document can have. Going through them would take hours, or all memory.</summary>
public sealed class HugeCountTests
{
    private const string Hash = "0123456789abcdef0123456789abcdef";

    [Theory]
    [InlineData("1 7 {0} 131072 9 9 0", "1 7 {0} 131073 9 9 0")]
    [InlineData("1 7 {0} 131072 9 9 0", "1 7 {0} 2147483647 9 9 0")]
    [InlineData("3 7 {0} 131072 9 9 0 7:0:131072 {1}", "3 7 {0} 131073 9 9 0 7:0:131073 {1}")]
    public void ManifestEntryOfTooManyChunksIsRefused(string good, string bad)
    {
        const string NoLabels = /*lang=json,strict*/ """{"tags":[],"meta":{}}""";

        Assert.Equal(131_072, ManifestRecord.Decode("a", string.Format(null, good, Hash, NoLabels)).ChunkCount);
        Assert.Equal(
            RedisInferErrorCode.StateCorrupt,
            Assert.Throws<RedisInferException>(() => ManifestRecord.Decode("a", string.Format(null, bad, Hash, NoLabels))).Code);
    }

    [Theory]
    [InlineData("1 writing 1 2147483647 w 0 a")]
    [InlineData("2 retired 1 7 7:0:2147483647 w 0 a")]
    [InlineData("2 retired 1 7 7:0:100000,8:0:100000 w 0 a")]
    public void AnnouncementOfTooManyChunksIsRefused(string record) =>
        Assert.Equal(RedisInferErrorCode.StateCorrupt, Assert.Throws<RedisInferException>(() => PendingRecord.Decode(7, record)).Code);
}
