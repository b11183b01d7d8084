using System.Globalization;
using RedisInfer;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>The result of indexing a folder.</summary>
internal sealed record FolderSummary
{
    private const int MostWarnings = 5;

    public required int Added { get; init; }

    public required int Updated { get; init; }

    public required int Unchanged { get; init; }

    public required int Removed { get; init; }

    public required IReadOnlyList<IndexedDocument> Skipped { get; init; }

    public required IndexCount Total { get; init; }

    public void WriteTo(IAnsiConsole console)
    {
        foreach (IndexedDocument document in Skipped.Take(MostWarnings))
        {
            console.MarkupLineInterpolated($"[yellow]warning:[/] {Printable.OneLine($"skipped '{document.Path}': {document.SkipReason}")}");
        }

        if (Skipped.Count > MostWarnings)
        {
            console.MarkupLineInterpolated($"[yellow]warning:[/] skipped {Count(Skipped.Count - MostWarnings, "more file")}");
        }

        string changes = string.Join(", ", Changes().Where(change => change.Count > 0)
            .Select(change => string.Create(CultureInfo.InvariantCulture, $"{change.Count:N0} {change.Name}")));
        console.MarkupLineInterpolated(
            $"[grey]{Count(Total.Documents, "document")}, {Count(Total.Chunks, "chunk")}, {Count(Total.Tokens, "token")} ({changes})[/]");
    }

    private static string Count(long count, string name) =>
        string.Create(CultureInfo.InvariantCulture, $"{count:N0} {name}{(count == 1 ? "" : "s")}");

    private IEnumerable<(int Count, string Name)> Changes() =>
        [(Added, "added"), (Updated, "updated"), (Unchanged, "unchanged"), (Removed, "removed"), (Skipped.Count, "skipped")];
}
