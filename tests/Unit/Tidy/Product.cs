using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>The sources of src/RedisInfer as the compiler understands them: which file refers to which, however it is spelled.</summary>
internal static class Product
{
    public const string Folder = "src/RedisInfer";

    private const string ImplicitUsings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly Lazy<IReadOnlyList<TypeReference>> LazyReferences = new(() => [.. FindReferences()]);

    public static IReadOnlyList<SourceFile> Files { get; } = Sources.Under(Folder);

    public static CSharpCompilation Compilation { get; } = CSharpCompilation.Create(
        "RedisInfer.Tidy",
        [CSharpSyntaxTree.ParseText(ImplicitUsings), .. Files.Select(f => f.Tree)],
        References(),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, allowUnsafe: true));

    /// <summary>Every place outside comments at which a file names a type of another file, or a member of such a type.</summary>
    public static IReadOnlyList<TypeReference> TypeReferences => LazyReferences.Value;

    /// <summary>The file's folder below src/RedisInfer; empty for the root folder.</summary>
    public static string RoomOf(SourceFile file) => file.Folder.Length == Folder.Length ? "" : file.Folder[(Folder.Length + 1)..];

    // The tests run with the assemblies that the product was built against, except for the product itself.
    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(p => !Path.GetFileName(p).StartsWith("RedisInfer", StringComparison.Ordinal))
            .Select(p => MetadataReference.CreateFromFile(p));

    private static IEnumerable<TypeReference> FindReferences()
    {
        Dictionary<SyntaxTree, SourceFile> files = Files.ToDictionary(f => f.Tree);
        foreach (SourceFile file in Files)
        {
            SemanticModel model = Compilation.GetSemanticModel(file.Tree);
            foreach (SyntaxNode node in file.Root.DescendantNodes().Where(n => n is Microsoft.CodeAnalysis.CSharp.Syntax.SimpleNameSyntax))
            {
                SymbolInfo info = model.GetSymbolInfo(node);
                ISymbol? symbol = info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
                INamedTypeSymbol? type = symbol as INamedTypeSymbol ?? symbol?.ContainingType;
                foreach (SyntaxReference declaration in type?.OriginalDefinition.DeclaringSyntaxReferences ?? [])
                {
                    if (files.TryGetValue(declaration.SyntaxTree, out SourceFile? target) && target != file)
                        yield return new TypeReference(file, target, type!.Name, file.At(node.Span));
                }
            }
        }
    }
}
