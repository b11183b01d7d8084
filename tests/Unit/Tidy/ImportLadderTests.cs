using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace RedisInfer.Tests.Unit.Tidy;

/// <summary>A room (a folder of src/RedisInfer) imports only rooms below it.</summary>
public sealed class ImportLadderTests
{
    // From the bottom up. The root folder is at the top.
    private static readonly string[] Ladder =
    [
        "Threads", "Errors", "Patterns", "Grammars", "Grammars/Schemas", "Contract/Options", "Contract", "Telemetry", "Chunking", "Words",
        "Templates/Values", "Templates/Syntax", "Templates", "Inference", "Grammars/Tokens", "Llama/Binding", "Llama/Interop", "Llama/Gguf", "Llama",
        "Redis", "Corpus/Records", "Corpus/Indexes", "Corpus", "KvBlocks", "KvBlocks/InFolder", "KvBlocks/InRedis", "Prompting", "Embedding",
        "Retrieval", "Reuse", "Scheduling/Drafts", "Scheduling", "Folders", "Indexing", "Answering/Caching", "Answering", "Evaluation",
        "Hosting", "",
    ];

    // A host finds all types that it names in one namespace.
    private static readonly string[] HostRooms = ["Contract", "Contract/Options", ""];

    // These rooms work with any store.
    private static readonly string[] StorelessRooms = ["Prompting", "Reuse", "Scheduling/Drafts", "Scheduling"];

    [Fact]
    public void EveryFolderOfTheProductIsARoomOfTheLadder() =>
        Findings.AreNone(Product.Files.Where(f => !Ladder.Contains(Product.RoomOf(f))).Select(f =>
            $"{f.Path}: the folder is not a room; move the file, or add the new room to the ladder in {nameof(ImportLadderTests)}"));

    [Fact]
    public void ANamespaceIsItsFolder()
    {
        IEnumerable<string> wrong =
            from file in Product.Files
            from declaration in file.Root.DescendantNodes().OfType<BaseNamespaceDeclarationSyntax>()
            let room = Product.RoomOf(file)
            let expected = HostRooms.Contains(room) ? "RedisInfer" : "RedisInfer." + room.Replace('/', '.')
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
            select $"{reference.Place}: {reference.TypeName} is in {reference.To.Path}, a room above";

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
            select $"{file.At(directive.Span)}: {name} is a room above";

        Findings.AreNone(upward);
    }

    [Fact]
    public void SchedulingReuseAndPromptingNeverNameRedis()
    {
        IEnumerable<string> named =
            from file in Product.Files
            where StorelessRooms.Contains(Product.RoomOf(file))
            from name in file.Root.DescendantNodes().OfType<NameSyntax>()
            let text = name.ToString()
            where text.StartsWith("StackExchange.Redis", StringComparison.Ordinal) || IsOfAStore(text)
            select $"{file.At(name.Span)}: {text}";
        IEnumerable<string> referred =
            from reference in Product.TypeReferences
            where StorelessRooms.Contains(Product.RoomOf(reference.From)) && IsOfAStore("RedisInfer." + Product.RoomOf(reference.To).Replace('/', '.'))
            select $"{reference.Place}: {reference.TypeName} is in {reference.To.Path}";

        Findings.AreNone(named.Concat(referred));

        static bool IsOfAStore(string name) =>
            name.StartsWith("RedisInfer.Redis", StringComparison.Ordinal)
            || name.StartsWith("RedisInfer.Corpus", StringComparison.Ordinal)
            || name.StartsWith("RedisInfer.KvBlocks.InRedis", StringComparison.Ordinal);
    }

    // If names did not resolve, the tests above would see no references and would pass without checking anything.
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
