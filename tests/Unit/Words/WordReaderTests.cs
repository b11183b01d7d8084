using RedisInfer.Words;

namespace RedisInfer.Tests.Unit.Words;

public sealed class WordReaderTests
{
    [Fact]
    public void WordsStayAsStored() =>

        // Indexes hold these hashes: if they must change, so must WordReader.Identity.
        Assert.Equal(
            [
                (11149623u, 1), (150863163u, 1), (222660148u, 1), (352250799u, 1), (674466893u, 1), (736452095u, 1), (1454737141u, 2),
                (1898895599u, 1), (2344974981u, 1), (3376740965u, 2), (3653080385u, 1), (4284763417u, 1), (4290292840u, 2),
            ],
            new WordReader().Read("kv_cache Übung 日本 x1 the KvCache running").Select(word => (word.Hash, (int)word.Count)));

    [Theory]
    [InlineData("kv cache", "kv_cache")]
    [InlineData("KvCache", "kv_cache")]
    [InlineData("What does LW-204 mean?", "LW-204")]
    [InlineData("version 0.4.0", "v0.4.0")]
    [InlineData("backups", "a backup")]
    [InlineData("日本語", "日本")]
    public void QuestionAndTextShareAWord(string question, string text)
    {
        var reader = new WordReader();

        Assert.NotEmpty(reader.ReadQuestion(question).Select(word => word.Hash).Intersect(reader.Read(text).Select(word => word.Hash)));
    }

    [Theory]
    [InlineData("")]
    [InlineData(" \n\t")]
    [InlineData("--- *** {}();")]
    [InlineData("the of and")]
    public void TextWithoutWordsHasNone(string text) => Assert.Empty(new WordReader().Read(text));

    [Fact]
    public void VeryLongWordsAndCompoundsAreRead()
    {
        string text = new string('q', 100_000) + " " + string.Join('_', Enumerable.Repeat("part", 10_000)) + " harbor";
        var reader = new WordReader();

        Assert.Contains(reader.Read("harbor")[0].Hash, reader.Read(text).Select(word => word.Hash));
    }

    [Fact]
    public void OfAVeryLongQuestionOnlyTheFirstWordsCount()
    {
        var reader = new WordReader();
        string question = "harbor " + string.Join(' ', Enumerable.Range(0, 100_000).Select(i => $"w{i}x")) + " Lighthouse";

        List<WordQuery> words = reader.ReadQuestion(question);

        Assert.InRange(words.Count, 1000, 2048);
        Assert.Contains(reader.Read("harbor")[0].Hash, words.Select(word => word.Hash));
        Assert.DoesNotContain(reader.Read("Lighthouse")[0].Hash, words.Select(word => word.Hash));
    }
}
