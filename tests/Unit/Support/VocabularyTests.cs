using RedisInfer.Tests.Support.Gguf;

namespace RedisInfer.Tests.Unit.Support;

public sealed class VocabularyTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(2000)]
    [InlineData(151_936)]
    public void ByteLevelTokensAreUniqueAndAsManyAsAskedFor(int size)
    {
        var vocabulary = new ByteLevelVocabulary(size);

        Assert.Equal(vocabulary.Tokens.Count, vocabulary.Tokens.Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(vocabulary.Tokens.Count, vocabulary.Types.Count);
        if (size > 0)
            Assert.Equal(size, vocabulary.Tokens.Count);
    }

    [Fact]
    public void EveryMergeJoinsTwoTokensIntoAThird()
    {
        ByteLevelVocabulary vocabulary = ByteLevelVocabulary.Small;
        HashSet<string> tokens = [.. vocabulary.Tokens];

        Assert.True(vocabulary.Merges.Count > 300);
        Assert.All(vocabulary.Merges, merge =>
        {
            string[] parts = merge.Split(' ');
            Assert.Equal(2, parts.Length);
            Assert.Contains(parts[0], tokens);
            Assert.Contains(parts[1], tokens);
            Assert.Contains(parts[0] + parts[1], tokens);
        });
    }

    [Fact]
    public void SpecialTokensStandLastAndAreControlTokens()
    {
        ByteLevelVocabulary vocabulary = ByteLevelVocabulary.Small;

        Assert.Equal(["<|endoftext|>", "<|im_start|>", "<|im_end|>"], vocabulary.Tokens.Skip(vocabulary.FirstSpecial));
        Assert.All(vocabulary.Types.Skip(vocabulary.FirstSpecial), type => Assert.Equal(3, type));
        Assert.All(vocabulary.Types.Take(vocabulary.FirstSpecial), type => Assert.Equal(1, type));
    }

    [Fact]
    public void WordPieceTokensAreUniqueAndBeginWithTheSpecialOnes()
    {
        IReadOnlyList<string> tokens = WordPieceVocabulary.Small.Tokens;

        Assert.Equal(["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"], tokens.Take(5));
        Assert.Equal(tokens.Count, tokens.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("\u2581backup", tokens);
    }
}
