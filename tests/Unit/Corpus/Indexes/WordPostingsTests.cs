using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Words;

namespace RedisInfer.Tests.Unit.Corpus.Indexes;

public sealed class WordPostingsTests
{
    [Fact]
    public void RareWordsCountForMoreThanFrequentOnes()
    {
        WordPostings postings = Hold(("a", ["berth plan of today"]), ("b", ["berth berth berth plan"]), ("c", ["berth LW-204"]), ("d", ["plan of berth"]));

        Assert.Equal("c", Search(postings, "berth plan LW-204")[0].Chunk.Path);
    }

    [Fact]
    public void AChunkWhoseDocumentIsAboutTheQuestionComesBeforeOneThatNamesItInPassing()
    {
        WordPostings postings = Hold(
            ("backups.md", ["backups of orders", "backups of invoices", "they are kept for 35 days"]),
            ("misc.md", ["they are kept in a drawer for days", "lunch", "parking"]),
            ("other.md", ["nothing"]));

        Assert.Equal(new ChunkRef(1, "backups.md", 2), Search(postings, "How many days are backups kept?")[0].Chunk);
    }

    [Fact]
    public void OneDocumentDoesNotFillTheAnswer()
    {
        string[] many = [.. Enumerable.Range(0, 20).Select(i => $"tide table of harbour {i}")];
        WordPostings postings = Hold(("long", many), ("short", ["tide table"]), ("other", ["tide only"]), ("none", ["nothing"]));

        ChunkHit[] hits = Search(postings, "tide table", 5);

        Assert.Equal(5, hits.Length);
        Assert.True(hits.Select(hit => hit.Chunk.Path).Distinct().Count() > 1);
    }

    [Fact]
    public void ScoreIsOneWhereAllWordsOfTheQuestionAreHeldAndLessWhereSomeAre()
    {
        WordPostings postings = Hold(("all", ["pilot boat signal"]), ("some", ["boat"]), ("none", ["crane"]));

        ChunkHit[] hits = Search(postings, "signal of the pilot boat");

        Assert.Equal(["all", "some"], hits.Select(hit => hit.Chunk.Path));
        Assert.Equal(1, hits[0].Score, 1e-4f);
        Assert.InRange(hits[1].Score, 0.1f, 0.8f);
    }

    [Fact]
    public void WordsThatNoChunkHoldsLowerTheScoreOfAll()
    {
        WordPostings postings = Hold(("a", ["the share of the company"]), ("b", ["lanes"]));

        float known = Search(postings, "company")[0].Score;
        float unknown = Search(postings, "photosynthesis of the company's greenhouse thermostat")[0].Score;

        // The question has three words besides the known one. Each weighs as much as the known one.
        Assert.Equal(1, known, 1e-3f);
        Assert.Equal(0.5f, unknown, 1e-3f);
    }

    [Fact]
    public void NamesThatAreNowhereLowerTheScoreMostAndThoseThatAreThereDoNot()
    {
        WordPostings postings = Hold(("a", ["the share of the company in SDAX"]), ("b", ["lanes"]));

        float word = Search(postings, "company of greenhouses")[0].Score;
        float name = Search(postings, "company of Greenhouses")[0].Score;
        float abbreviation = Search(postings, "company in the FTSE")[0].Score;
        float known = Search(postings, "company in the SDAX")[0].Score;

        Assert.Equal(0.5f, name, 1e-3f);
        Assert.Equal(name, abbreviation, 1e-3f);
        Assert.True(name < word && word < known, $"{name}, {word}, {known}");
    }

    [Fact]
    public void WordsThatSayNothingFindNothing() => Assert.Empty(Search(Hold(("a", ["this is the one that was"])), "what is the"));

    [Fact]
    public void NoHistoryShows()
    {
        var postings = new WordPostings();
        ChunkWords[] first = Read("a", ["tide wind", "wave"]), second = Read("b", ["tide"]), third = Read("c", ["wind tide wave"]);
        postings.Add(1, "a", first);
        postings.Add(2, "b", second);
        postings.Remove(1, "a", first);
        postings.Add(3, "c", third);
        postings.Add(4, "a", first);
        postings.Remove(2, "b", second);
        postings.Remove(2, "b", second);
        var fresh = new WordPostings();
        fresh.Add(4, "a", first);
        fresh.Add(3, "c", third);

        Assert.Equal(Search(fresh, "tide wave"), Search(postings, "tide wave"));
        Assert.Empty(Search(postings, "crane"));
    }

    [Fact]
    public void ItAsksToBeMadeAnewWhenMostOfItIsDead()
    {
        var postings = new WordPostings();
        ChunkWords[] words = Read("a", ["tide"]);
        Assert.False(postings.HoldsMoreDeadThanAlive);
        for (int generation = 1; generation <= 5000; generation++)
        {
            postings.Add(generation, "a", words);
            postings.Remove(generation, "a", words);
        }

        Assert.True(postings.HoldsMoreDeadThanAlive);
    }

    private static WordPostings Hold(params (string Path, string[] Texts)[] documents)
    {
        var postings = new WordPostings();
        foreach ((string path, string[] texts) in documents)
        {
            postings.Add(1, path, Read(path, texts));
        }

        return postings;
    }

    private static ChunkWords[] Read(string path, string[] texts) =>
        [.. texts.Select((text, i) => new ChunkWords(i, new WordReader().Read($"{path}\n{text}")))];

    private static ChunkHit[] Search(WordPostings postings, string question, int count = 10) =>
        postings.Search(new WordReader().ReadQuestion(question), count);
}
