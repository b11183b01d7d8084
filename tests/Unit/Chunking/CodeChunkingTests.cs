using RedisInfer.Chunking;

namespace RedisInfer.Tests.Unit.Chunking;

/// <summary>Source code is cut at its types, and long members bear their names.</summary>
public sealed class CodeChunkingTests
{
    public static TheoryData<string, string> TwoTypes => new()
    {
        { "a.cs", "namespace Harbour;\n\n/// <summary>Red.</summary>\n[Serializable]\npublic sealed class Osprey\n{\n    public int Limit() => 310;\n}\n\n/// <summary>Grey.</summary>\npublic sealed class Heron(int x) : Bird\n{\n    // }\n    string a = \"{\", b = @\"\\\", c = $\"{a}}}\"; char d = '}';\n\n    public int Limit()\n    {\n        return 520;\n    }\n}\n" },
        { "a.java", "package harbour;\n\npublic class Osprey<T> extends Bird {\n    @Test public int limit() { return 310; }\n}\n\nclass Heron {\n  /* } */\n  int limit() { return 520; }\n}\n" },
        { "a.ts", "export class Osprey {\n  #secret = 1;\n  limit() { return `${310}{`; }\n}\n\nexport default class Heron extends Bird {\n  limit() { return 520; }\n}\n" },
        { "a.cpp", "#include <a.h>\nnamespace x {\nclass Osprey {\npublic:\n  int limit() { return 310; }\n};\n\nstruct Heron : Bird {\n  int limit() { return 520; }\n};\n}\n" },
        { "a.go", "package x\n\ntype Osprey struct {\n\tlimit interface{} // 310\n}\n\ntype Heron struct {\n\tlimit int // 520\n}\n" },
        { "a.rs", "struct Osprey<'a> {\n    limit: &'a str, // 310\n}\n\nstruct Heron {\n    limit: u32, // 520\n}\n" },
        { "a.py", "import os\n\nclass Osprey:\n    \"\"\"A press.\n\nIt is red.\n    \"\"\"\n    def limit(self):\n        return 310\n\n@dataclass\nclass Heron(Bird):\n    def limit(self):\n        return 520\n" },
        { "a.rb", "class Osprey\n  def limit\n    310\n  end\nend\n\nclass Heron < Bird\n  def limit\n    520\n  end\nend\n" },
        { "broken.cs", "class Osprey\n{\n    int Limit() { return 310;\n}\n\nclass Heron\n{\n    int Limit() { return 520;\n}\n" },
    };

    [Theory]
    [MemberData(nameof(TwoTypes))]
    public void NoChunkHoldsTheEndOfOneTypeAndTheHeadOfTheNext(string path, string code)
    {
        IReadOnlyList<Chunk> chunks = Split(path, code, 400);

        Chunk osprey = Assert.Single(chunks, chunk => chunk.Text.Contains("310", StringComparison.Ordinal));
        Chunk heron = Assert.Single(chunks, chunk => chunk.Text.Contains("520", StringComparison.Ordinal));
        Assert.Equal(("Osprey", "Heron"), (osprey.Trail, heron.Trail));
        Assert.Contains("Osprey", osprey.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Heron", osprey.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("Osprey", heron.Text, StringComparison.Ordinal);
        string[] lines = code.Split('\n');
        Assert.All(chunks, chunk => Assert.Equal(lines[(chunk.StartLine - 1)..chunk.EndLine].Where(IsInk), chunk.Text.Split('\n').Where(IsInk)));
        Assert.Equal(lines.Where(IsInk), chunks.SelectMany(chunk => chunk.Text.Split('\n')).Where(IsInk));
    }

    [Theory]
    [InlineData("a.cs", "class Osprey\n{\n    int Short() { return 1; }\n\n    int Long(int x)\n    {\n", "        x += 12;\n\n", "        return x;\n    }\n}\n")]
    [InlineData("a.js", "class Osprey {\n  short() { return 1; }\n\n  async Long(x) {\n", "    x += 12;\n\n", "    return x;\n  }\n}\n")]
    [InlineData("a.py", "class Osprey:\n    def short(self):\n        return 1\n\n    def Long(self, x):\n", "        x += 12\n\n", "        return x\n")]
    public void EachPartOfALongMemberBearsItsName(string path, string head, string line, string tail)
    {
        IReadOnlyList<Chunk> chunks = Split(path, head + string.Concat(Enumerable.Repeat(line, 60)) + tail, 64);

        Assert.True(chunks.Count > 5);
        Assert.Equal("Osprey", chunks[0].Trail);
        Assert.All(chunks.Skip(1), chunk => Assert.Equal("Osprey > Long", chunk.Trail));
    }

    [Fact]
    public void MembersOfATypeAreTogetherWhereTheyFitAndInnerTypesAreNot() =>
        Assert.Equal(
            ["Outer", "Outer > Inner", "Outer"],
            Split("a.cs", "class Outer\n{\n    int A() { return 1; }\n\n    class Inner\n    {\n        int B;\n    }\n\n    int C() { return 2; }\n}\n", 200).Select(chunk => chunk.Trail));

    [Fact]
    public void FunctionsOfAFileAreTogetherWhereTheyFit() =>
        Assert.Equal("", Assert.Single(Split("a.c", "int a(void) {\n  return 1;\n}\n\nint b(void) {\n  return 2;\n}\n", 200)).Trail);

    [Theory]
    [InlineData("a.cs")]
    [InlineData("a.py")]
    public void AnyTextCanBeReadAsCode(string path)
    {
        var random = new Random(11);
        string[] pieces = ["class A", "{", "}", "\n", "\n\n", "    ", "def f(x):", "\"", "'", "\"\"\"", "/*", "*/", "//", "#", ";", "(", ")", "int x()", "end", "@\"", "`", "=", "namespace N"];
        for (int run = 0; run < 2000; run++)
        {
            string code = string.Concat(Enumerable.Range(0, random.Next(1, 40)).Select(_ => pieces[random.Next(pieces.Length)]));

            IReadOnlyList<Chunk> chunks = new ParagraphChunker(new ChunkingOptions { MaxTokens = 32, Overlap = 0 }).Split(new RagDocument(path, code), Length);

            Assert.Equal(Ink(code), Ink(string.Concat(chunks.Select(chunk => chunk.Text))));
        }
    }

    private static IReadOnlyList<Chunk> Split(string path, string code, int max) =>
        new ParagraphChunker(new ChunkingOptions { MaxTokens = max }).Split(new RagDocument(path, code), text => Length(text) / 3);

    private static int Length(ReadOnlySpan<char> text) => text.Length;

    private static bool IsInk(string line) => !string.IsNullOrWhiteSpace(line);

    private static string Ink(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c)));
}
