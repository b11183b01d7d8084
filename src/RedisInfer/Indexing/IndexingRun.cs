using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using RedisInfer.Chunking;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Embedding;
using RedisInfer.Inference;
using RedisInfer.Prompting;
using RedisInfer.Words;

namespace RedisInfer.Indexing;

/// <summary>
/// Brings documents up to date, a batch at a time: one look-up says which of a batch have changed, and those are chunked, tokenized,
/// embedded and stored several at once. For one caller.
/// </summary>
internal sealed class IndexingRun(CorpusStore store, IChunker chunker, ITokenizer tokenizer, TextEmbedder embedder)
{
    // What is looked up together, and in memory at once.
    private const int BatchDocuments = 128;
    private const int BatchCharacters = 2 << 20;

    // While the server works on one document, the next ones are chunked and tokenized; more only makes them wait for each other.
    private const int MaxParallel = 4;

    // Chunks embedded in one call: enough to fill a batch of an embedding model, little enough to bound memory.
    private const int EmbeddingBatch = 64;

    private readonly IndexIdentity _identity = new(embedder.Identity, embedder.Dimensions, tokenizer.Fingerprint);

    /// <summary>Whether a batch of so many documents and characters is to be indexed now.</summary>
    public static bool IsFull(int documents, long characters) => documents >= BatchDocuments || characters >= BatchCharacters;

    /// <summary>Indexes documents.</summary>
    /// <param name="batch">The documents.</param>
    /// <param name="cancellationToken">Cancels; each document is in the index as it was before or as it is after.</param>
    /// <returns>One task a document, in order; each ends when it stands in the index.</returns>
    public async Task<IReadOnlyList<Task<IndexedDocument>>> IndexAsync(IReadOnlyList<RagDocument> batch, CancellationToken cancellationToken)
    {
        ManifestEntry?[] existing =
            await store.FindManyAsync([.. batch.Select(document => document.Path)], cancellationToken).ConfigureAwait(false);
        var places = new SemaphoreSlim(MaxParallel);
        var last = new Dictionary<string, Task>(batch.Count);
        var tasks = new Task<IndexedDocument>[batch.Count];
        for (int i = 0; i < tasks.Length; i++)
        {
            // A path that comes twice is indexed twice, one after the other, as it would be alone.
            Task before = last.GetValueOrDefault(batch[i].Path, Task.CompletedTask);
            tasks[i] = IndexAsync(batch[i], existing[i], before, places, cancellationToken);
            last[batch[i].Path] = tasks[i];
        }

        return tasks;
    }

    private async Task<IndexedDocument> IndexAsync(
        RagDocument document, ManifestEntry? existing, Task before, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        if (before != Task.CompletedTask)
        {
            await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            existing = await store.FindAsync(document.Path, cancellationToken).ConfigureAwait(false);
        }

        DocumentLabels labels = DocumentLabels.Of(document.Tags, document.Metadata);
        string hash = Hash(document, labels);
        if (existing?.ContentHash == hash)
        {
            return new IndexedDocument(document.Path, IndexingStatus.Unchanged, existing.ChunkCount, existing.TokenCount);
        }

        await places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            KeptChunks reuse = existing is null
                ? KeptChunks.Nothing
                : await KeptChunks.OfAsync(store, _identity, existing, cancellationToken).ConfigureAwait(false);

            // Should another writer come between, nothing of what there was can be kept.
            (ManifestEntry Entry, int Written) done = await TryWriteAsync(reuse).ConfigureAwait(false)
                ?? (await TryWriteAsync(KeptChunks.Nothing).ConfigureAwait(false))!.Value;
            IndexingStatus status = existing is null ? IndexingStatus.Added : IndexingStatus.Updated;
            return new IndexedDocument(document.Path, status, done.Entry.ChunkCount, done.Entry.TokenCount) { WrittenChunkCount = done.Written };
        }
        finally
        {
            places.Release();
        }

        async Task<(ManifestEntry Entry, int Written)?> TryWriteAsync(KeptChunks reuse)
        {
            ChunkWrite[] writes = await Task.Run(() => PrepareAsync(document, reuse, cancellationToken), cancellationToken).ConfigureAwait(false);
            ManifestEntry? entry = await store.WriteAsync(
                _identity, document.Path, hash, Encoding.UTF8.GetByteCount(document.Text), writes, cancellationToken, labels, reuse.Before)
                .ConfigureAwait(false);
            return entry is null ? null : (entry, writes.Count(write => write.Kept is null));
        }
    }

    private async Task<ChunkWrite[]> PrepareAsync(RagDocument document, KeptChunks reuse, CancellationToken cancellationToken)
    {
        IReadOnlyList<Chunk> chunks = chunker.Split(document.Text, tokenizer.CountTokens);
        (KeptChunk Chunk, StoredChunk Stored)?[] kept = reuse.Take(chunks);
        var writes = new ChunkWrite[chunks.Count];
        var words = new WordReader();
        var changed = new List<(int Position, string Text)>();
        for (int i = 0; i < writes.Length; i++)
        {
            string text = ChunkEmbeddingText.For(document.Path, chunks[i].Text);
            ReadOnlyMemory<int> tokens = kept[i]?.Stored.Tokens ?? PassageFormat.TokenizeChunk(tokenizer, chunks[i].Text);
            writes[i] = new ChunkWrite(chunks[i], tokens, default, words.Read(text)) { Kept = kept[i]?.Chunk };
            if (kept[i] is null)
                changed.Add((i, text));
        }

        foreach ((int Position, string Text)[] batch in changed.Chunk(EmbeddingBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<ReadOnlyMemory<float>> vectors =
                await embedder.EmbedAsync([.. batch.Select(chunk => chunk.Text)], cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                writes[batch[i].Position] = writes[batch[i].Position] with { Vector = vectors[i] };
            }
        }

        return writes;
    }

    /// <summary>Changes whenever the document's chunks, tokens, words or vectors would.</summary>
    private string Hash(RagDocument document, DocumentLabels labels)
    {
        var hash = new XxHash128();
        string[] parts = [document.Text, chunker.Identity, _identity.TokenizerFingerprint, _identity.Embedding, WordReader.Identity, labels.Encode()];
        foreach (string part in parts)
        {
            hash.Append(MemoryMarshal.AsBytes(part.AsSpan()));
            hash.Append([0, 0]);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
