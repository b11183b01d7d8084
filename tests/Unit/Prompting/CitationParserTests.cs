using RedisInfer.Prompting;

namespace RedisInfer.Tests.Unit.Prompting;

public sealed class CitationParserTests
{
    private static readonly string[] Three = ["Backups are kept for 30 days.", "The gateway listens on port 7000.", "args[1] holds the path"];

    [Theory]
    [InlineData("Kept for 35 days. [2]", new[] { 2 })]
    [InlineData("[3] and [1][3]", new[] { 3, 1 })]
    [InlineData("Both say so [1, 2].", new[] { 1, 2 })]
    [InlineData("Both say so [2;1 ].", new[] { 2, 1 })]
    [InlineData("Both say so [1-3].", new[] { 1, 2, 3 })]
    [InlineData("Both say so [1–2].", new[] { 1, 2 })]
    [InlineData("Both say so [1, 2 and 3].", new[] { 1, 2, 3 })]
    [InlineData("Both say so [1 and 2].", new[] { 1, 2 })]
    [InlineData("Beides steht da [1 und 3].", new[] { 1, 3 })]
    [InlineData("Both say so [1 & 2].", new[] { 1, 2 })]
    [InlineData("Both say so [1], [2].", new[] { 1, 2 })]
    [InlineData("It is kept [Source 2].", new[] { 2 })]
    [InlineData("It is kept [passage 1] and [Sources: 2, 3].", new[] { 1, 2, 3 })]
    [InlineData("It is kept [Passage 1, Passage 3].", new[] { 1, 3 })]
    [InlineData("It is kept [^1] or [#2].", new[] { 1, 2 })]
    [InlineData("It is kept 30 days【1】.", new[] { 1 })]
    [InlineData("It is kept 30 days【2†source】.", new[] { 2 })]
    [InlineData("It is kept ［1］ and ［２］.", new[] { 1, 2 })]
    [InlineData("保存三十天[1]。", new[] { 1 })]
    [InlineData("Kept (for a month)[1].", new[] { 1 })]
    [InlineData("They are kept for 30 days[1].", new[] { 1 })]
    [InlineData("They are kept for 30 days[1][2].", new[] { 1, 2 })]
    [InlineData("**Port 7000** [2]", new[] { 2 })]
    [InlineData("Type `ls` [1], then `cd` [2].", new[] { 1, 2 })]
    [InlineData("A lone ` is no code [1].", new[] { 1 })]
    [InlineData("[1]: it says so.", new[] { 1 })]
    public void PassagesAreCitedInOrderOfFirstUse(string text, int[] expected) => Assert.Equal(expected, CitationParser.Parse(text, Three));

    [Theory]
    [InlineData("array[0], map[4], [99999999999]")]
    [InlineData("[note], [1a], [-1], [], [1.2], [4], [2-1]")]
    [InlineData("")]
    [InlineData("Call args[1] and then rows[2][3].")]
    [InlineData("Call f(x)[1], or _buf[2].")]
    [InlineData("Use `buf[2]` or ``a ` b [1]``.")]
    [InlineData("```c\nx = a [1];\n```")]
    [InlineData("~~~\n[1]\n~~~\n")]
    [InlineData("Not closed:\n```\n[1]\n")]
    [InlineData("See [1](https://example.org) or [[2]](https://example.org).")]
    [InlineData("See ![1](picture.png).")]
    [InlineData("[1]: https://example.org/a\n[2]: <https://example.org>")]
    [InlineData("[see there][1]")]
    [InlineData("[0, 2] and [2, 0]")]
    public void OtherBracketsCiteNothing(string text) => Assert.Empty(CitationParser.Parse(text, Three));

    [Theory]
    [InlineData("```c\nx = a[1];\n```\nIt is kept 30 days [2].", new[] { 2 })]
    [InlineData("Copper was first smelted in the valley\nof the Onda.[2] [1]", new[] { 1 })]
    [InlineData("Copper was first smelted in the valley of the Onda. [2] Tin came later. [3]", new int[0])]
    [InlineData("Tin came later than copper [2].", new[] { 2 })]
    public void AFootnoteOfAPassageCitesNothing(string text, int[] expected) => Assert.Equal(
        expected,
        CitationParser.Parse(
            text,
            ["Copper was first smelted in the valley of the\nOnda.[2] Tin came later.[3]", "Copper prices rose in spring.", "Copper roofs turn green."]));

    [Fact]
    public void LongAnswersAreReadSoon()
    {
        string[] hostile = ["[", "`", "[1", "``` \n", "[1,", "(", "x)[1]", "![", "[1 and ", "[^"];

        Assert.All(hostile, part => Assert.NotNull(CitationParser.Parse(string.Concat(Enumerable.Repeat(part, 5_000)), Three)));
    }
}
