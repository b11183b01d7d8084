using RedisInfer;

namespace ConsoleDemo;

/// <summary>Makes the index equal to the folder: adds and updates what is there, removes what is gone.</summary>
internal static class FolderIndex
{
    public static async Task<FolderSummary> BringUpToDateAsync(
        IRagIndex index, string folder, IProgress<IndexingProgress> progress, CancellationToken cancellationToken)
    {
        var present = new HashSet<string>(StringComparer.Ordinal);
        var skipped = new List<IndexedDocument>();
        var counts = new Dictionary<IndexingStatus, int>();
        await foreach (IndexedDocument document in index.AddDirectoryAsync(folder, options: null, progress, cancellationToken))
        {
            counts[document.Status] = counts.GetValueOrDefault(document.Status) + 1;
            if (document.Status == IndexingStatus.Skipped)
            {
                skipped.Add(document);
            }
            else
            {
                present.Add(document.Path);
            }
        }

        return new FolderSummary
        {
            Added = counts.GetValueOrDefault(IndexingStatus.Added),
            Updated = counts.GetValueOrDefault(IndexingStatus.Updated),
            Unchanged = counts.GetValueOrDefault(IndexingStatus.Unchanged),
            Removed = await RemoveOthersAsync(index, present, cancellationToken),
            Skipped = skipped,
            Total = await index.CountAsync(cancellationToken),
        };
    }

    private static async Task<int> RemoveOthersAsync(IRagIndex index, HashSet<string> present, CancellationToken cancellationToken)
    {
        var gone = new List<string>();
        await foreach (DocumentInfo document in index.ListAsync(cancellationToken))
        {
            if (!present.Contains(document.Path))
            {
                gone.Add(document.Path);
            }
        }

        foreach (string path in gone)
        {
            await index.RemoveAsync(path, cancellationToken);
        }

        return gone.Count;
    }
}
