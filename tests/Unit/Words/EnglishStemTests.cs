using RedisInfer.Words;

namespace RedisInfer.Tests.Unit.Words;

public sealed class EnglishStemTests
{
    [Theory]
    [InlineData("backup", "backups")]
    [InlineData("copy", "copies", "copied", "copying")]
    [InlineData("store", "stores", "stored", "storing")]
    [InlineData("run", "runs", "running", "runner")]
    [InlineData("fall", "falls", "falling")]
    [InlineData("match", "matches", "matched", "matching")]
    [InlineData("access", "accesses", "accessed")]
    public void FormsOfAWordShareAStem(params string[] forms) =>
        Assert.Single(forms.Select(form => form[..EnglishStem.Length(form)]).Distinct());

    [Theory]
    [InlineData("status", "state")]
    [InlineData("bus", "bush")]
    [InlineData("thing", "th")]
    [InlineData("string", "str")]
    public void WordsThatOnlyLookAlikeStayApart(string one, string other) =>
        Assert.NotEqual(one[..EnglishStem.Length(one)], other[..EnglishStem.Length(other)]);

    [Theory]
    [InlineData("a")]
    [InlineData("is")]
    [InlineData("x86")]
    [InlineData("čeština")]
    public void OtherWordsAreTheirOwnStems(string word) => Assert.Equal(word.Length, EnglishStem.Length(word));
}
