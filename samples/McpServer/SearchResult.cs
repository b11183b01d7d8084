using System.ComponentModel;
using RedisInfer;

namespace McpServer;

/// <summary>What the tool <c>search</c> returns.</summary>
internal sealed record SearchResult(
    [property: Description("The passages, best first.")] IReadOnlyList<FoundPassage> Passages,
    [property: Description("Whether nothing in the documents is about the question.")] bool Declined)
{
    public static SearchResult From(IReadOnlyList<RagPassage> passages) => new(
        [.. passages.Select(one => new FoundPassage(one.Path, one.StartLine, one.EndLine, one.Page, one.Trail, one.Score, one.Text))],
        Declined: passages.Count == 0);
}
