using System.Text;
using RedisInfer.Inference;

namespace RedisInfer.Tests.Integration.Inference;

/// <summary>What a tokenizer must do, with every engine.</summary>
public abstract class TokenizerContractTests(EngineUnderTest engine)
{
    private ITokenizer Tokenizer => engine.Text.Tokenizer;

    [Theory]
    [InlineData("")]
    [InlineData("How long are backups kept?")]
    [InlineData("  two  spaces,\ttabs\r\nand lines\n\n\n")]
    [InlineData("naïve café 中文 русский 😀👩‍👩‍👧")]
    [InlineData("zero\0byte")]
    public void BytesOfTheTokensAreTheText(string text)
    {
        Assert.Equal(text, Read(Tokenizer.Tokenize(text, parseSpecial: false)));
    }

    [Fact]
    public void UnpairedSurrogatesBecomeReplacementCharacters()
    {
        Assert.Equal("a\uFFFDb\uFFFD", Read(Tokenizer.Tokenize("a\uD83Db\uDE00", parseSpecial: false)));
    }

    [Fact]
    public void SpecialTextStaysTextUnlessAskedFor()
    {
        int[] special = Tokenizer.Tokenize("<|im_end|>", parseSpecial: true);
        int[] plain = Tokenizer.Tokenize("<|im_end|>", parseSpecial: false);

        Assert.True(Tokenizer.IsEndOfGeneration(Assert.Single(special)));
        Assert.True(Tokenizer.GetBytes(special[0]).IsEmpty);
        Assert.DoesNotContain(special[0], plain);
        Assert.Equal("<|im_end|>", Read(plain));
    }

    [Fact]
    public void CountIsTheNumberOfTokens()
    {
        string text = string.Concat(Enumerable.Repeat("Backups are kept for 31 days.\n", 500));

        Assert.Equal(Tokenizer.Tokenize(text, parseSpecial: false).Length, Tokenizer.CountTokens(text));
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    [InlineData(int.MaxValue)]
    public void TokenOutsideTheVocabularyIsRefused(int token)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.GetBytes(token).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.IsEndOfGeneration(token));
        Assert.Throws<ArgumentOutOfRangeException>(() => Tokenizer.GetBytes(Tokenizer.VocabularySize).Length);
    }

    [Theory]
    [InlineData('a')]
    [InlineData(' ')]
    [InlineData('\n')]
    [InlineData('-')]
    [InlineData('中')]
    public void LongRunOfOneCharacterIsTokenized(char character)
    {
        string text = new(character, 1_000_000);

        Assert.Equal(text, Read(Tokenizer.Tokenize(text, parseSpecial: false)));
    }

    [Fact]
    public async Task TokenizerServesSeveralThreadsAtOnce()
    {
        string[] texts = [.. Enumerable.Range(0, 64).Select(i => $"Text number {i} says {i * 7919} and {new string('x', i)}.")];
        int[][] alone = [.. texts.Select(text => Tokenizer.Tokenize(text, parseSpecial: false))];

        int[][] together = await Task.WhenAll(texts.Select(text => Task.Run(() => Tokenizer.Tokenize(text, parseSpecial: false))));

        Assert.Equal(alone, together);
    }

    [Fact]
    public void EncoderPutsItsMarkersAroundATextAndADecoderNone()
    {
        ITokenizer encoder = engine.Embedding(EmbeddingPooling.Mean).Tokenizer;

        Assert.Equal(1, encoder.LeadingTokens.Length);
        Assert.Equal(1, encoder.TrailingTokens.Length);
        Assert.NotEqual(encoder.LeadingTokens.Span[0], encoder.TrailingTokens.Span[0]);
        Assert.True(Tokenizer.LeadingTokens.IsEmpty);
        Assert.True(Tokenizer.TrailingTokens.IsEmpty);
    }

    private string Read(int[] tokens)
    {
        var bytes = new List<byte>();
        foreach (int token in tokens)
        {
            bytes.AddRange(Tokenizer.GetBytes(token));
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
