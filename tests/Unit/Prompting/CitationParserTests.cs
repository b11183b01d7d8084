using RedisInfer.Prompting;

namespace RedisInfer.Tests.Unit.Prompting;

public sealed class CitationParserTests
{
    [Theory]
    [InlineData("Kept for 35 days. [2]", new[] { 2 })]
    [InlineData("[3] and [1][3]", new[] { 3, 1 })]
    [InlineData("Both say so [1, 2].", new[] { 1, 2 })]
    [InlineData("Both say so [2;1 ].", new[] { 2, 1 })]
    [InlineData("array[0], map[4], [99999999999]", new int[0])]
    [InlineData("[note], [1a], [-1], []", new int[0])]
    [InlineData("", new int[0])]
    public void NumbersOfPassagesAreCitationsInOrderOfFirstUse(string text, int[] expected) =>
        Assert.Equal(expected, CitationParser.Parse(text, passageCount: 3));
}
