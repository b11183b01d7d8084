using RedisInfer;
using Samples.Common;
using Spectre.Console;

namespace ConsoleDemo;

/// <summary>Loads the models, connects, and indexes the folder, with progress on the error stream.</summary>
internal static class Preparation
{
    public static async Task RunAsync(RagRuntime runtime, DemoOptions options, bool loadsModel, CancellationToken cancellationToken)
    {
        if (options.LacksOwnEmbeddingModel)
        {
            Terminal.Error.MarkupLine("[grey]The demo's embedding model was not built: passages are found by words alone.[/]");
        }

        FolderSummary summary = await Steps.RunAsync(async steps =>
        {
            if (loadsModel)
            {
                await runtime.WarmUpAsync(new Reporter<WarmUpProgress>(progress => Report(steps, options, progress)), cancellationToken);
            }

            if (options.Reembed)
            {
                await runtime.Index.ReembedAsync(
                    new Reporter<IndexingProgress>(progress => steps.Report("Embedding anew", Share(progress))), cancellationToken);
            }

            if (options.Rechunk)
            {
                await runtime.Index.RechunkAsync(
                    new Reporter<IndexingProgress>(progress => steps.Report("Cutting anew", Share(progress))), cancellationToken);
            }

            string indexing = $"Indexing {Path.GetFileName(options.Docs)}";
            return await FolderIndex.BringUpToDateAsync(
                runtime.Index,
                options.Docs,
                new Reporter<IndexingProgress>(progress => steps.Report(indexing, Share(progress))),
                cancellationToken);
        });
        summary.WriteTo(Terminal.Error);
    }

    private static void Report(ISteps steps, DemoOptions options, WarmUpProgress progress)
    {
        string? title = progress.Stage switch
        {
            WarmUpStage.Connecting => options.Redis is null ? "Starting embedded Garnet" : "Connecting to Redis",
            WarmUpStage.LoadingModel => $"Loading {Path.GetFileName(options.ModelPath)}",
            WarmUpStage.LoadingEmbeddingModel => $"Loading {Path.GetFileName(options.EmbeddingModelPath)}",
            WarmUpStage.LoadingRerankModel => $"Loading {Path.GetFileName(options.RerankModelPath)}",
            _ => null,
        };
        if (title is not null)
        {
            steps.Report(title, progress.Share);
        }
    }

    private static double Share(IndexingProgress progress) =>
        progress.FilesTotal == 0 ? 1 : (double)progress.FilesDone / progress.FilesTotal;
}
