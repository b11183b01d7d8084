using RedisInfer.Prompting;
using RedisInfer.Retrieval;

namespace RedisInfer.Tests.Unit.Retrieval;

public sealed class CopyDetectorTests
{
    private const string Licence =
        "Copyright {0} Example. Licence of the Zander tools. Anyone may copy the Zander tools for the price of one postcard, sent before the end of the year.";

    [Fact]
    public void NearCopiesLeaveRoomForOthersAndAreNamed()
    {
        List<Passage> kept = Select(
            ("a/LICENSE", string.Format(null, Licence, 2010), 0.5f),
            ("b/LICENSE", string.Format(null, Licence, 2011), 0.5f),
            ("guide.md", "The postcard for the Zander tools goes to the harbour office, second floor.", 0.4f),
            ("c/LICENSE", string.Format(null, Licence, 2012), 0.3f));

        Assert.Equal(["a/LICENSE", "guide.md"], kept.Select(passage => passage.Path));
        Assert.Equal(["b/LICENSE", "c/LICENSE"], kept[0].AlsoIn);
    }

    [Fact]
    public void ACopyWithMoreOfTheQuestionsWordsIsNone()
    {
        List<Passage> kept = Select(("a", string.Format(null, Licence, 2010), 0.5f), ("b", string.Format(null, Licence, 2011), 0.8f));

        Assert.Equal(["a", "b"], kept.Select(passage => passage.Path));
    }

    [Fact]
    public void TextsOfFewWordsAreNoCopies()
    {
        Assert.Equal(2, Select(("a", "yes", 0.5f), ("b", "yes!", 0.5f)).Count);
        Assert.Equal(2, Select(("a", "", 0.5f), ("b", "?", 0.5f)).Count);
    }

    [Fact]
    public void ChunksOfOneDocumentAreNoCopiesOfEachOther() =>
        Assert.Equal(2, Select(("a", string.Format(null, Licence, 2010), 0.5f), ("a", string.Format(null, Licence, 2011), 0.5f)).Count);

    private static List<Passage> Select(params (string Path, string Text, float WordScore)[] chunks)
    {
        var detector = new CopyDetector();
        var kept = new List<Passage>();
        foreach ((string path, string text, float wordScore) in chunks)
        {
            if (!detector.IsCopy(path, text, wordScore, kept))
                kept.Add(new Passage(path, 0, 1, 1, 0.5f, text, default));
        }

        return kept;
    }
}
