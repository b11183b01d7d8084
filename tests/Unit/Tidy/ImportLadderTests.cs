using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>A room imports only rooms below it.</summary>
public sealed class ImportLadderTests
{
    // From the ground up; the front door, which has no folder of its own, stands on top.
    private static readonly string[] Ladder =
    [
        "Errors", "Chunking", "Inference", "Llama/Interop", "Llama", "Loading", "Redis", "Context", "Retrieval", "Prompting", "Scheduling", "Ingestion",
        "",
    ];

    [Fact]
    public void EveryFolderOfTheProductIsARoomOfTheLadder() =>
        Findings.AreNone(Product.Files.Where(f => !Ladder.Contains(Product.RoomOf(f))).Select(f =>
            $"{f.Path}: the folder is no room; put the file into one, or give the new room its place in {nameof(ImportLadderTests)}"));

    [Fact]
    public void ANamespaceIsItsFolder()
    {
        IEnumerable<string> wrong =
            from file in Product.Files
            from declaration in file.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            let expected = file.Folder["src/".Length..].Replace('/', '.')
            where declaration.Name.ToString() != expected
            select $"{file.At(declaration.Name.Span)}: namespace {declaration.Name}, but the folder says {expected}";

        Findings.AreNone(wrong);
    }

    [Fact]
    public void ARoomRefersOnlyToRoomsBelowIt()
    {
        IEnumerable<string> upward =
            from reference in Product.TypeReferences
            where Height(reference.To) > Height(reference.From)
            select $"{reference.Place}: {reference.TypeName} is in {reference.To.Path}, which is above";

        Findings.AreNone(upward);
    }

    [Fact]
    public void AUsingDirectiveNamesOnlyRoomsBelow()
    {
        IEnumerable<string> upward =
            from file in Product.Files
            from directive in file.Root.DescendantNodes().OfType<UsingDirectiveSyntax>()
            let name = directive.Name?.ToString() ?? ""
            where name.StartsWith("RedisInfer.", StringComparison.Ordinal)
            let height = Array.IndexOf(Ladder, name["RedisInfer.".Length..].Replace('.', '/'))
            where height > Height(file)
            select $"{file.At(directive.Span)}: {name} is above";

        Findings.AreNone(upward);
    }

    // If names did not resolve, the tests above would see no references and pass for nothing.
    [Fact]
    public void TheLadderIsReadFromSourcesThatResolve()
    {
        string[] unresolved = ["CS0234", "CS0246", "CS0400", "CS1061"];

        Findings.AreNone(Product.Compilation.GetDiagnostics(TestContext.Current.CancellationToken)
            .Where(d => d.Severity == DiagnosticSeverity.Error && unresolved.Contains(d.Id))
            .Select(d => d.ToString()));
        Assert.Contains(Product.TypeReferences, r => r.TypeName == "RedisInferException" && Product.RoomOf(r.From) == "Redis");
    }

    [Fact]
    public void NoPackageSeesTheProductsInternals() =>
        Assert.All(typeof(RedisInfer.Errors.RedisInferException).Assembly.GetCustomAttributes<InternalsVisibleToAttribute>(), friend =>
            Assert.Matches(@"^RedisInfer\.(Tests\.|Benchmarks$)", friend.AssemblyName));

    private static int Height(SourceFile file) => Array.IndexOf(Ladder, Product.RoomOf(file));
}
