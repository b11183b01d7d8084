using RedisInfer;

namespace ConsoleDemo;

/// <summary>Synchronizes the index with the folder: adds new files, updates changed ones and removes deleted ones.</summary>
internal static class FolderIndex
{
    public static async Task<FolderSummary> BringUpToDateAsync(
        IRagIndex index, string folder, IProgress<IndexingProgress> progress, CancellationToken cancellationToken)
    {
        var skipped = new List<IndexedDocument>();
        var counts = new Dictionary<IndexingStatus, int>();
        await foreach (IndexedDocument document in index.SyncDirectoryAsync(folder, options: null, progress, cancellationToken))
        {
            counts[document.Status] = counts.GetValueOrDefault(document.Status) + 1;
            if (document.Status is IndexingStatus.Skipped or IndexingStatus.Failed)
            {
                skipped.Add(document);
            }
        }

        return new FolderSummary
        {
            Added = counts.GetValueOrDefault(IndexingStatus.Added),
            Updated = counts.GetValueOrDefault(IndexingStatus.Updated),
            Unchanged = counts.GetValueOrDefault(IndexingStatus.Unchanged),
            Removed = counts.GetValueOrDefault(IndexingStatus.Removed),
            Skipped = skipped,
            Total = await index.CountAsync(cancellationToken),
        };
    }
}
