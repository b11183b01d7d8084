using System.Runtime.CompilerServices;
using RedisInfer.Folders;

namespace RedisInfer.Indexing;

/// <summary>Groups documents into batches for indexing.</summary>
internal static class DocumentBatches
{
    /// <summary>Reads a source in batches.</summary>
    /// <param name="entries">The source.</param>
    /// <param name="mayWait">
    /// Whether to wait for a full batch if the source is slow. Must be <see langword="false"/> if the source itself waits for the results
    /// of its earlier entries: both would wait forever.
    /// </param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The batches; none is empty.</returns>
    public static async IAsyncEnumerable<IReadOnlyList<DocumentEntry>> ReadAsync(
        IAsyncEnumerable<DocumentEntry> entries, bool mayWait, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        await using IAsyncEnumerator<DocumentEntry> source = entries.GetAsyncEnumerator(leave.Token);
        var batch = new List<DocumentEntry>();
        long characters = 0;
        Task<bool> next = source.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                bool isSlow = !mayWait && batch.Count > 0 && !next.IsCompleted;
                if (isSlow || IndexingRun.IsFull(batch.Count, characters))
                {
                    yield return batch;
                    (batch, characters) = ([], 0);
                }

                if (!await next.ConfigureAwait(false))
                    break;
                batch.Add(source.Current);
                characters += source.Current.Document?.Text?.Length ?? 0;
                next = source.MoveNextAsync().AsTask();
            }

            if (batch.Count > 0)
                yield return batch;
        }
        finally
        {
            // A source must not be disposed of while it fetches the next entry.
            await leave.CancelAsync().ConfigureAwait(false);
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
