using System.Globalization;
using RedisInfer.Corpus.Records;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>
/// The last changes of a manifest, newest first, and the revision that they add up to. So a process that knows an earlier revision reads the
/// entries that have changed, and not the whole manifest.
/// </summary>
internal static class ManifestChanges
{
    /// <summary>Number of changes that are kept.</summary>
    internal const int Kept = 512;

    // 2^31 changes of this size fit into the 64 bits of the revision. Different changes add up to the same difference once in 2^32 cases.
    private const long MaxStep = 1L << 32;

    /// <summary>
    /// Notes a change, and raises the revision by a random number. So a server that lost its last changes does not return to a revision that
    /// a process has seen, however many changes are made again.
    /// </summary>
    /// <param name="transaction">The transaction that makes the change.</param>
    /// <param name="keys">The corpus.</param>
    /// <param name="path">The document that changes; <see langword="null"/>: more than one entry changes, or how they are to be read.</param>
    public static Task NoteAsync(ITransaction transaction, CorpusKeys keys, string? path)
    {
        long step = Random.Shared.NextInt64(1, MaxStep + 1);
        return Task.WhenAll(
            transaction.StringIncrementAsync(keys.Revision, step),
            transaction.ListLeftPushAsync(keys.Changes, string.Create(CultureInfo.InvariantCulture, $"{step} {path}")),
            transaction.ListTrimAsync(keys.Changes, 0, Kept - 1));
    }

    /// <summary>Reads the changes that are kept, newest first.</summary>
    public static Task<RedisValue[]> ReadAsync(IDatabaseAsync database, CorpusKeys keys) => database.ListRangeAsync(keys.Changes);

    /// <summary>Finds the documents that have changed since a revision.</summary>
    /// <param name="changes">The changes, newest first, read after the present revision.</param>
    /// <param name="former">That revision.</param>
    /// <param name="present">The present revision.</param>
    /// <returns>
    /// Their paths, each once. There may be some that have changed after the present revision. <see langword="null"/>: the changes do not
    /// explain the difference. Then more are missing than are kept, an older release has changed the corpus, or the server has lost writes.
    /// </returns>
    public static string[]? Since(RedisValue[] changes, long former, long present)
    {
        // Revisions are what the server says: their difference may have no 64 bits.
        Int128 difference = (Int128)present - former;
        (long Step, string Path)[] known = [.. changes.Select(Parse).TakeWhile(change => change.Path.Length > 0)];
        for (int newest = 0; newest <= known.Length; newest++)
        {
            Int128 left = difference;
            int end = newest;
            while (left > 0 && end < known.Length)
            {
                left -= known[end++].Step;
            }

            if (left == 0)
                return [.. known.Take(end).Select(change => change.Path).Distinct()];
        }

        return null;
    }

    /// <summary>A change; one without a path if more than one entry has changed, or if it cannot be read.</summary>
    private static (long Step, string Path) Parse(RedisValue change)
    {
        string text = change.ToString();
        int space = text.IndexOf(' ', StringComparison.Ordinal);
        return space > 0 && long.TryParse(text.AsSpan(0, space), NumberStyles.None, CultureInfo.InvariantCulture, out long step) && step is > 0 and <= MaxStep
            ? (step, text[(space + 1)..])
            : (0, "");
    }
}
