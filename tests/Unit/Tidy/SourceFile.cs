using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>A parsed C# file of the repository.</summary>
internal sealed class SourceFile
{
    public SourceFile(string path, string text)
    {
        Path = path;
        Tree = CSharpSyntaxTree.ParseText(text, path: path);
        Root = Tree.GetCompilationUnitRoot();
    }

    /// <summary>The path relative to the repository's root, with forward slashes.</summary>
    public string Path { get; }

    public SyntaxTree Tree { get; }

    public CompilationUnitSyntax Root { get; }

    public string Name => System.IO.Path.GetFileNameWithoutExtension(Path);

    public string Folder => System.IO.Path.GetDirectoryName(Path)!.Replace('\\', '/');

    public IEnumerable<MemberDeclarationSyntax> TopLevelTypes => Root
        .DescendantNodes(n => n is CompilationUnitSyntax or BaseNamespaceDeclarationSyntax)
        .OfType<MemberDeclarationSyntax>()
        .Where(m => m is BaseTypeDeclarationSyntax or DelegateDeclarationSyntax);

    public int LineCount => Tree.GetText().ToString().Count(c => c == '\n');

    public static string NameOf(MemberDeclarationSyntax type) => type switch
    {
        BaseTypeDeclarationSyntax t => t.Identifier.Text,
        DelegateDeclarationSyntax d => d.Identifier.Text,
        _ => throw new ArgumentException($"Not a type: {type.Kind()}.", nameof(type)),
    };

    /// <summary>The place of a span as "path:line", in the form that editors can open.</summary>
    public string At(Microsoft.CodeAnalysis.Text.TextSpan span) =>
        string.Create(CultureInfo.InvariantCulture, $"{Path}:{Tree.GetLineSpan(span).StartLinePosition.Line + 1}");
}
