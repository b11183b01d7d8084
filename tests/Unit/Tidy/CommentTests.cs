using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>A comment says why. It does not keep old code, and it does not promise work.</summary>
public sealed partial class CommentTests
{
    [Fact]
    public void ThereAreNoRegions() =>
        Findings.AreNone(Trivia(SyntaxKind.RegionDirectiveTrivia));

    [Fact]
    public void NoCommentPutsWorkOff() =>
        Findings.AreNone(Comments().Where(c => Promise().IsMatch(c.Text)).Select(c => $"{c.Place}: {c.Text}"));

    [Fact]
    public void NoCommentIsCode() =>
        Findings.AreNone(Comments().Where(c => IsCode(c.Text)).Select(c => $"{c.Place}: {c.Text}"));

    [Theory]
    [InlineData("// var x = Compute(1);", true)]
    [InlineData("// return value;", true)]
    [InlineData("// if (ready) {", true)]
    [InlineData("// }", true)]
    [InlineData("// The caller holds the lock;", false)]
    [InlineData("// llama_decode gathers the tokens (4 bytes each);", false)]
    [InlineData("// Rows begin at the block's offset.", false)]
    public void CodeIsToldFromProse(string comment, bool isCode) => Assert.Equal(isCode, IsCode(comment));

    private static bool IsCode(string comment)
    {
        string text = comment.TrimStart('/', ' ').TrimEnd();
        if (text is "{" or "}" or "};")
            return true;
        if (text.EndsWith('{'))
            text += "}";
        if (!text.EndsWith(';') && !text.EndsWith('}'))
            return false;

        // Two words and a semicolon parse as a declaration. Such a text is prose, unless it also calls, assigns or returns.
        bool looksLikeCode = text.Contains('(') || text.Contains('=') || text.StartsWith("return", StringComparison.Ordinal);
        return looksLikeCode && !SyntaxFactory.ParseStatement(text).ContainsDiagnostics;
    }

    private static IEnumerable<(string Place, string Text)> Comments() =>
        from file in Sources.CSharp
        from trivia in file.Root.DescendantTrivia()
        where trivia.IsKind(SyntaxKind.SingleLineCommentTrivia) || trivia.IsKind(SyntaxKind.MultiLineCommentTrivia)
        select (file.At(trivia.Span), trivia.ToString());

    private static IEnumerable<string> Trivia(SyntaxKind kind) =>
        from file in Sources.CSharp
        from trivia in file.Root.DescendantTrivia(descendIntoTrivia: true)
        where trivia.IsKind(kind)
        select file.At(trivia.Span);

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b")]
    private static partial Regex Promise();
}
