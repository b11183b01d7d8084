using System.Text.Json;
using RedisInfer.Tests.Support;

namespace RedisInfer.Benchmarks.Conversation;

/// <summary>A written dialogue of two or three turns over the handbook, the allotment rules and the courier API.</summary>
/// <param name="Turns">The turns, oldest first.</param>
internal sealed record Dialogue(IReadOnlyList<DialogueTurn> Turns)
{
    /// <summary>The folders that the dialogues are about.</summary>
    public static IReadOnlyList<string> Folders { get; } =
    [
        Path.Combine(Repository.Root, "samples", "ConsoleDemo", "handbook"),
        Path.Combine(Of("Quality"), "allotment"),
        Path.Combine(Of("Quality"), "courier"),
    ];

    /// <summary>Files of questions about the folders, each complete in itself.</summary>
    public static IReadOnlyList<string> CompleteQuestions { get; } =
        [.. new[] { "handbook", "allotment", "courier" }.Select(name => Path.Combine(Of("Quality"), name + "-questions.jsonl"))];

    public static IReadOnlyList<Dialogue> ReadAll() =>
    [
        .. File.ReadLines(Path.Combine(Of("Conversation"), "dialogues.jsonl"))
            .Select(line => JsonSerializer.Deserialize<Dialogue>(line, JsonSerializerOptions.Web)!),
    ];

    /// <summary>Indexes the folders.</summary>
    public static async Task IndexAsync(IRagIndex index, CancellationToken cancellationToken)
    {
        foreach (string folder in Folders)
        {
            await foreach (IndexedDocument document in index.AddDirectoryAsync(folder, cancellationToken: cancellationToken))
            {
                if (document.Status != IndexingStatus.Added)
                    throw new InvalidOperationException($"'{document.Path}' was not indexed: {document.SkipReason}");
            }
        }
    }

    private static string Of(string folder) => Path.Combine(Repository.Root, "benchmarks", "RedisInfer.Benchmarks", folder);
}
