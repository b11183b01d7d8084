using System.ComponentModel;
using RedisInfer;

namespace McpServer;

/// <summary>What the tool <c>ask</c> returns.</summary>
internal sealed record AskResult(
    [property: Description("The answer.")] string Answer,
    [property: Description("The passages that the answer cites.")] IReadOnlyList<CitedPassage> Citations,
    [property: Description("Why the answer ended: stop, length (it was cut), reasoning (cut within the thoughts), or noContext (nothing was found).")] RagFinishReason FinishReason)
{
    public static AskResult From(RagAnswer answer) => new(
        answer.Text,
        [.. answer.Citations.Select(one => new CitedPassage(one.Number, one.Path, one.StartLine, one.EndLine, one.Page, one.Score))],
        answer.FinishReason);
}
