using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>Files and methods stay short, and a file has the name of its type.</summary>
public sealed class ShapeTests
{
    // These limits only go down: lower them when the longest gets shorter, and never raise them.
    private const int LongestClassOfTheProduct = 493, LongestClassElsewhere = 1009, LongestMethod = 80;

    [Fact]
    public void AFileHoldsOneTypeAndHasItsName()
    {
        IEnumerable<string> wrong =
            from file in Sources.CSharp
            let types = file.TopLevelTypes.Select(SourceFile.NameOf).ToArray()
            // A part of a partial type is named Type.Part.cs.
            where types.Length > 1 || (types.Length == 1 && types[0] != file.Name.Split('.')[0])
            select $"{file.Path} holds {string.Join(", ", types)}";

        Findings.AreNone(wrong);
    }

    [Fact]
    public void AFileHoldsATypeOrAProgram() =>
        Findings.AreNone(Sources.CSharp
            .Where(f => !f.TopLevelTypes.Any() && !f.Root.Members.OfType<GlobalStatementSyntax>().Any())
            .Where(f => f.Root.AttributeLists.Count == 0 && f.Name != "GlobalUsings")
            .Select(f => f.Path));

    [Fact]
    public void NoClassIsLongerThanTheLongestToday()
    {
        // The parts of a partial class count together.
        IEnumerable<string> tooLong =
            from file in Sources.CSharp
            from type in file.TopLevelTypes
            let span = file.Tree.GetLineSpan(type.Span)
            group (file.Path, Lines: span.EndLinePosition.Line - span.StartLinePosition.Line + 1) by (file.Folder, SourceFile.NameOf(type)) into parts
            let lines = parts.Sum(part => part.Lines)
            let limit = parts.Key.Folder.StartsWith("src/", StringComparison.Ordinal) ? LongestClassOfTheProduct : LongestClassElsewhere
            where lines > limit
            select $"{string.Join(" + ", parts.Select(part => part.Path))}: {lines} lines, limit {limit}";

        Findings.AreNone(tooLong);
    }

    [Fact]
    public void NoMethodIsLongerThanTheLongestToday()
    {
        IEnumerable<string> tooLong =
            from file in Sources.CSharp
            from method in file.Root.DescendantNodes()
            where method is BaseMethodDeclarationSyntax or AccessorDeclarationSyntax or LocalFunctionStatementSyntax
            let span = file.Tree.GetLineSpan(method.Span)
            let lines = span.EndLinePosition.Line - span.StartLinePosition.Line + 1
            where lines > LongestMethod
            select $"{file.At(method.Span)}: {lines} lines, limit {LongestMethod}";

        Findings.AreNone(tooLong);
    }

    [Fact]
    public void EveryInternalTypeOfTheProductIsUsedByAnotherFileOfIt()
    {
        var used = Product.TypeReferences.Select(r => r.To).ToHashSet();

        Findings.AreNone(Product.Files
            .Where(f => !used.Contains(f) && f.TopLevelTypes.Any() && f.TopLevelTypes.All(t => !IsPublic(t)))
            .Select(f => $"{f.Path}: nothing in {Product.Folder} refers to it"));

        static bool IsPublic(MemberDeclarationSyntax type) => type.Modifiers.Any(m => m.Text == "public");
    }
}
