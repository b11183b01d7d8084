using Microsoft.CodeAnalysis;

namespace RedisInfer.Tests.Unit.Tidy;

public sealed class BannedSymbolsTests
{
    // The analyzer reports nothing about a line that it cannot read. A misspelled ban would therefore ban nothing.
    [Fact]
    public void EveryBannedSymbolExists() =>
        Assert.All(Lines(), line => Assert.NotNull(DocumentationCommentId.GetFirstSymbolForDeclarationId(line.Split(';')[0], Product.Compilation)));

    [Fact]
    public void EveryBanSaysWhatToDoInstead() =>
        Assert.All(Lines(), line => Assert.Matches("^[^;]+;.{10,}$", line));

    [Fact]
    public void ABanIsAnErrorInTheWholeProduct()
    {
        Assert.Contains("BannedSymbols.txt", Sources.Read("src/Directory.Build.props"), StringComparison.Ordinal);
        Assert.Contains("dotnet_diagnostic.RS0030.severity = error", Sources.Read(".editorconfig"), StringComparison.Ordinal);
        Assert.DoesNotContain(Sources.Under("src"), f => f.Root.ToFullString().Contains("RS0030", StringComparison.Ordinal));
    }

    private static string[] Lines() => Sources.Read("BannedSymbols.txt").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
