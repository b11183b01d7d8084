using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Folders;

namespace RedisInfer.Indexing;

/// <summary>Reports the progress of work on all documents of a corpus. For one caller at a time.</summary>
/// <param name="progress">Receives the reports; <see langword="null"/>: no reports.</param>
/// <param name="time">The clock.</param>
internal sealed class RenewalPace(IProgress<IndexingProgress>? progress, TimeProvider time)
{
    private IndexingPace? _pace;

    /// <summary>Counts a document.</summary>
    /// <param name="entry">The document.</param>
    /// <param name="all">All documents of the corpus.</param>
    public void Advance(ManifestEntry entry, MirroredManifest all)
    {
        _pace ??= new IndexingPace(
            new FileTreeScan(all.Entries.Count, all.Entries.Values.Sum(document => document.ByteCount)), progress, time);
        _pace.Advance(entry.Path, entry.ByteCount);
    }

    /// <summary>Reports that a call has failed and will be repeated.</summary>
    public void Wait(IndexingRetry retry) => (_pace ?? new IndexingPace(new FileTreeScan(0, 0), progress, time)).Wait(retry);
}
