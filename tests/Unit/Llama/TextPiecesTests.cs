using FsCheck;
using FsCheck.Fluent;
using RedisInfer.Llama;

namespace RedisInfer.Tests.Unit.Llama;

public sealed class TextPiecesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(TextPieces.MaxRunChars)]
    [InlineData(100_000)]
    public void OrdinaryTextIsOnePiece(int words)
    {
        string text = string.Concat(Enumerable.Repeat("word ", words));

        Assert.Equal(words == 0 ? [] : [text], Pieces(text));
    }

    [Theory]
    [InlineData("a")]
    [InlineData(" ")]
    [InlineData("\n")]
    [InlineData("-")]
    [InlineData("x😀")]
    public void LongRunIsCut(string unit)
    {
        string text = "before " + string.Concat(Enumerable.Repeat(unit, 10_000)) + " after";

        List<string> pieces = Pieces(text);

        Assert.Equal(text, string.Concat(pieces));
        Assert.All(pieces, piece => Assert.InRange(LongestRun(piece), 0, TextPieces.MaxRunChars));
    }

    [Fact]
    public void HugeTextIsCutBeforeAWord()
    {
        string text = string.Concat(Enumerable.Repeat("some words\n", TextPieces.MaxPieceChars / 4));

        List<string> pieces = Pieces(text);

        Assert.Equal(text.Length, pieces.Sum(piece => piece.Length));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, TextPieces.MaxPieceChars));
        Assert.All(pieces.SkipLast(1), piece => Assert.True(char.IsWhiteSpace(piece[^1]) != char.IsWhiteSpace(text[piece.Length])));
    }

    [Fact]
    public void PiecesJoinToTheTextAndNoCharacterIsTorn()
    {
        Gen<string> texts = Gen.Elements("a", " ", "\n", "😀", "\uD83D", "\uDE00", "word ").Zip(Gen.Choose(1, 3000))
            .Select(pair => string.Concat(Enumerable.Repeat(pair.Item1, pair.Item2)))
            .ListOf(4).Select(string.Concat);

        Prop.ForAll(texts.ToArbitrary(), text =>
        {
            List<string> pieces = Pieces(text);
            return string.Concat(pieces) == text
                && pieces.All(piece => piece.Length > 0)
                && pieces.Zip(pieces.Skip(1)).All(pair => !(char.IsHighSurrogate(pair.First[^1]) && char.IsLowSurrogate(pair.Second[0])));
        }).QuickCheckThrowOnFailure();
    }

    private static List<string> Pieces(string text)
    {
        var found = new List<string>();
        var pieces = new TextPieces(text);
        while (pieces.MoveNext())
        {
            found.Add(pieces.Current.ToString());
        }

        return found;
    }

    private static int LongestRun(string text)
    {
        int longest = 0;
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || char.IsWhiteSpace(text[i]) != char.IsWhiteSpace(text[start]))
            {
                longest = Math.Max(longest, i - start);
                start = i;
            }
        }

        return longest;
    }
}
