using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Words;

namespace RedisInfer.Tests.Unit.Corpus.Records;

public sealed class StoredLimitsTests
{
    [Theory]
    [InlineData(0, 131_072)]
    [InlineData(384, 131_072)]
    [InlineData(1024, 130_944)]
    [InlineData(4096, 32_759)]
    public void VectorsOfADocumentFitIntoOneValue(int dimensions, int chunks)
    {
        Assert.Equal(chunks, StoredLimits.MaxChunks(dimensions));
        Assert.InRange(RecordHeader.Size + (chunks * VectorRecord.BytesPerRow(dimensions)), 0, 512L << 20);
    }

    [Fact]
    public void LargerValueIsRefusedBeforeItIsMade()
    {
        var indexes = new int[600_000];
        var words = new ChunkWords(0, new WordCount[100_000]);

        RedisInferException vectors = Assert.Throws<RedisInferException>(() => VectorRecord.Encode("v", 1024, indexes, []));
        RedisInferException oneWord = Assert.Throws<RedisInferException>(() => WordRecord.Encode("w", [.. Enumerable.Repeat(words, 5000)]));

        Assert.Equal(RedisInferErrorCode.DocumentNotReadable, vectors.Code);
        Assert.Contains("'v' would have 2460000064 bytes, over the limit of 536870912", vectors.Message, StringComparison.Ordinal);
        Assert.Contains("'w' would have", oneWord.Message, StringComparison.Ordinal);
    }
}
