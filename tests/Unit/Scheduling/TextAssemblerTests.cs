using System.Text;
using RedisInfer.Scheduling;

namespace RedisInfer.Tests.Unit.Scheduling;

public sealed class TextAssemblerTests
{
    [Fact]
    public void CharacterComesWhenItsLastByteHas()
    {
        var assembler = new TextAssembler([]);
        byte[] bytes = Encoding.UTF8.GetBytes("né😀!");

        string[] pieces = [.. bytes.Select(b => assembler.Append([b]))];

        Assert.Equal(["n", "", "é", "", "", "", "😀", "!"], pieces);
        Assert.Equal("", assembler.Finish());
    }

    [Fact]
    public void UnfinishedCharacterIsReplacedAtTheEnd()
    {
        var assembler = new TextAssembler([]);

        Assert.Equal("a", assembler.Append([(byte)'a', 0xC3]));
        Assert.Equal("\uFFFD", assembler.Finish());
    }

    [Fact]
    public void TextEndsBeforeTheFirstStopSequenceEvenAcrossPieces()
    {
        var assembler = new TextAssembler(["\nQ:", "END"]);

        string text = Feed(assembler, "one", " two\n", "Q", ": three END");

        Assert.Equal("one two", text);
        Assert.True(assembler.Stopped);
        Assert.Equal("", assembler.Finish());
    }

    [Fact]
    public void TextThatOnlyBeginsLikeAStopSequenceIsGivenOut()
    {
        var assembler = new TextAssembler(["abcd"]);

        Assert.Equal("x", Feed(assembler, "xab"));
        Assert.Equal("ab", Feed(assembler, "abc"));
        Assert.Equal("abc", assembler.Finish());
        Assert.False(assembler.Stopped);
    }

    private static string Feed(TextAssembler assembler, params string[] pieces) =>
        string.Concat(pieces.Select(piece => assembler.Append(Encoding.UTF8.GetBytes(piece))));
}
