using System.ComponentModel;
using ModelContextProtocol;
using ModelContextProtocol.Server;
using RedisInfer;

namespace McpServer;

/// <summary>The tools of the server. Results are structured, and also JSON text for clients that know no structured content.</summary>
[McpServerToolType]
internal sealed class FolderTools(SyncedFolder folder, RagRuntime runtime)
{
    [McpServerTool(Name = "search", Title = "Search the documents", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Finds the passages of the documents that a question is about. Declines if nothing in them is about it.")]
    public async Task<SearchResult> SearchAsync(
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken,
        [Description("The question, or words to look for.")] string question,
        [Description("Only documents whose paths match one of these patterns, such as guides/**/*.md.")] string[]? paths = null,
        [Description("Most passages, 1 to 100.")] int? topK = null)
    {
        await BringUpToDateAsync(progress, cancellationToken);
        return SearchResult.From(await runtime.Index.SearchAsync(Request(question, paths, topK), cancellationToken));
    }

    [McpServerTool(Name = "ask", Title = "Ask the documents", ReadOnly = true, OpenWorld = false, UseStructuredContent = true)]
    [Description("Answers a question from the documents, with citations. [1] in the answer is the citation with number 1.")]
    public async Task<AskResult> AskAsync(
        IProgress<ProgressNotificationValue> progress,
        CancellationToken cancellationToken,
        [Description("The question.")] string question,
        [Description("Only documents whose paths match one of these patterns, such as guides/**/*.md.")] string[]? paths = null,
        [Description("Most passages to answer from, 1 to 100.")] int? topK = null)
    {
        await BringUpToDateAsync(progress, cancellationToken);
        return AskResult.From(await runtime.Generator.GenerateAsync(Request(question, paths, topK), cancellationToken));
    }

    private static RagRequest Request(string question, string[]? paths, int? topK) =>
        new(question) { Filter = paths is { Length: > 0 } ? new RagFilter { Paths = paths } : null, TopK = topK };

    private Task BringUpToDateAsync(IProgress<ProgressNotificationValue> progress, CancellationToken cancellationToken) =>
        folder.BringUpToDateAsync(new IndexingReport(progress), cancellationToken);
}
