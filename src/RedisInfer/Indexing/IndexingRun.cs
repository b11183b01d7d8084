using System.Diagnostics;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text;
using RedisInfer.Chunking;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Embedding;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.Prompting;
using RedisInfer.Telemetry;
using RedisInfer.Words;

namespace RedisInfer.Indexing;

/// <summary>
/// Indexes documents in batches. One lookup finds which documents of a batch have changed. Those are chunked, tokenized, embedded and
/// stored, several at once. For one caller at a time.
/// </summary>
internal sealed class IndexingRun(
    CorpusStore store, IndexIdentity identity, IChunker chunker, ITokenizer tokenizer, TextEmbedder embedder, OutageRetries retries)
{
    // Limits of a batch: its documents are looked up together and are in memory at the same time.
    private const int BatchDocuments = 128;
    private const int BatchCharacters = 2 << 20;

    // While the server works on one document, the next ones are chunked and tokenized. With more, they only wait for each other.
    private const int MaxParallel = 4;

    // Chunks embedded in one call: enough to fill an embedding model's batch, few enough to limit memory.
    private const int EmbeddingBatch = 64;

    private readonly DocumentEmbedding _embedding = new(embedder, retries);

    /// <summary>Full path of the folder that the documents are from; <see langword="null"/> if they are from no folder.</summary>
    public string? Folder { get; init; }

    /// <summary>The room for further documents; <see langword="null"/> if there is no limit.</summary>
    public SearchRoom? Room { get; init; }

    /// <summary>The span of the run; <see langword="null"/> if no listener wants it.</summary>
    public Activity? Trace { get; init; }

    /// <summary>Whether a batch of this size must be indexed now.</summary>
    public static bool IsFull(int documents, long characters) => documents >= BatchDocuments || characters >= BatchCharacters;

    /// <summary>Indexes documents.</summary>
    /// <param name="batch">The documents.</param>
    /// <param name="cancellationToken">Cancels. Each document is in the index either as it was before or as it is after.</param>
    /// <returns>
    /// One task per document, in order. Each ends when its document is in the index, or fails with what its document failed with.
    /// </returns>
    public async Task<IReadOnlyList<Task<IndexedDocument>>> IndexAsync(IReadOnlyList<RagDocument> batch, CancellationToken cancellationToken)
    {
        ManifestEntry?[]? existing = await FindAllAsync(batch, cancellationToken).ConfigureAwait(false);
        var places = new SemaphoreSlim(MaxParallel);
        var last = new Dictionary<string, Task>(batch.Count);
        var tasks = new Task<IndexedDocument>[batch.Count];
        for (int i = 0; i < tasks.Length; i++)
        {
            // A path that occurs twice is indexed twice, in order, as it would be in separate batches.
            Task? before = last.GetValueOrDefault(batch[i].Path);
            Task<ManifestEntry?> found = existing is null || before is not null
                ? FindAsync(batch[i].Path, before ?? Task.CompletedTask, cancellationToken)
                : Task.FromResult(existing[i]);
            tasks[i] = IndexAsync(batch[i], found, places, cancellationToken);
            last[batch[i].Path] = tasks[i];
        }

        return tasks;
    }

    /// <summary>Writes a document again from its stored chunks, with the chunker of this run.</summary>
    /// <param name="entry">The document.</param>
    /// <param name="chunks">Its chunks; <see langword="null"/> for one that is gone.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>
    /// The new entry; the same if it was written again before, or if nothing of its text is left. <see langword="null"/>: the document has
    /// changed meanwhile.
    /// </returns>
    public async Task<ManifestEntry?> RechunkAsync(ManifestEntry entry, StoredChunk?[] chunks, CancellationToken cancellationToken)
    {
        string name = IndexIdentity.ChunkerOf(chunker.Identity);
        string text = StoredText.Join(chunks);
        if (entry.Labels.Chunker == name || text.Length == 0)
            return entry;
        var document = new RagDocument(entry.Path, text);
        DocumentLabels labels = entry.Labels with { Chunker = name };
        ChunkWrite[] writes = await Task.Run(
            () => PrepareAsync(document, entry, KeptChunks.Nothing, cancellationToken), cancellationToken).ConfigureAwait(false);
        return await retries.RunAsync(
            () => store.WriteAsync(
                identity, entry.Path, Hash(document, labels), entry.ByteCount, writes, cancellationToken, labels, entry, mustBeCurrent: true),
            cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Learns from the embedded chunks how near unrelated questions are. Call it at the end of a run.</summary>
    public Task LearnAsync(CancellationToken cancellationToken) =>
        identity.Dimensions == 0 ? Task.CompletedTask : _embedding.LearnAsync(store, cancellationToken);

    /// <summary>
    /// Looks up all documents of a batch together. Returns <see langword="null"/> if an entry is damaged: each document is then looked up
    /// alone, and only the damaged one fails.
    /// </summary>
    private async Task<ManifestEntry?[]?> FindAllAsync(IReadOnlyList<RagDocument> batch, CancellationToken cancellationToken)
    {
        string[] paths = [.. batch.Select(document => document.Path)];
        try
        {
            return await retries.RunAsync(() => store.FindManyAsync(paths, cancellationToken), cancellationToken).ConfigureAwait(false);
        }
        catch (RedisInferException e) when (e.Code == RedisInferErrorCode.StateCorrupt)
        {
            return null;
        }
    }

    private async Task<ManifestEntry?> FindAsync(string path, Task before, CancellationToken cancellationToken)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return await retries.RunAsync(() => store.FindAsync(path, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    private async Task<IndexedDocument> IndexAsync(
        RagDocument document, Task<ManifestEntry?> found, SemaphoreSlim places, CancellationToken cancellationToken)
    {
        ManifestEntry? existing = await found.ConfigureAwait(false);
        DocumentLabels labels = DocumentLabels.Of(document.Tags, document.Metadata) with { Encoding = document.Encoding };

        // The same document of another folder is not written again.
        string hash = Hash(document, labels);
        labels = labels with { Folder = Folder };
        if (existing?.ContentHash == hash)
        {
            return new IndexedDocument(document.Path, IndexingStatus.Unchanged, existing.ChunkCount, existing.TokenCount)
            {
                Encoding = document.Encoding,
            };
        }

        await places.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            KeptChunks reuse = existing is null
                ? KeptChunks.Nothing
                : await retries.RunAsync(
                    () => KeptChunks.OfAsync(store, identity, existing, cancellationToken), cancellationToken).ConfigureAwait(false);

            // If another writer has replaced the stored version, its chunks cannot be kept.
            (ManifestEntry Entry, int Written) done = await TryWriteAsync(reuse).ConfigureAwait(false)
                ?? (await TryWriteAsync(KeptChunks.Nothing).ConfigureAwait(false))!.Value;
            IndexingStatus status = existing is null ? IndexingStatus.Added : IndexingStatus.Updated;
            return new IndexedDocument(document.Path, status, done.Entry.ChunkCount, done.Entry.TokenCount)
            {
                WrittenChunkCount = done.Written,
                Encoding = document.Encoding,
                Warning = FindWarning(existing),
            };
        }
        finally
        {
            places.Release();
        }

        async Task<(ManifestEntry Entry, int Written)?> TryWriteAsync(KeptChunks reuse)
        {
            ChunkWrite[] writes = await Task.Run(() => PrepareAsync(document, existing, reuse, cancellationToken), cancellationToken).ConfigureAwait(false);
            int byteCount = Encoding.UTF8.GetByteCount(document.Text);
            ManifestEntry? entry = await Trace.RunBelowAsync(RagActivities.Write, span =>
            {
                span?.SetTag("redisinfer.chunks", writes.Length);
                return retries.RunAsync(
                    () => store.WriteAsync(identity, document.Path, hash, byteCount, writes, cancellationToken, labels, reuse.Before),
                    cancellationToken);
            }).ConfigureAwait(false);
            return entry is null ? null : (entry, writes.Count(write => write.Kept is null));
        }
    }

    private string? FindWarning(ManifestEntry? existing) =>
        Folder is not null && existing?.Labels.Folder is { } other && other != Folder
            ? $"It replaced the document of the same path from the folder '{other}'. Add each folder under a prefix to keep both."
            : null;

    private async Task<ChunkWrite[]> PrepareAsync(
        RagDocument document, ManifestEntry? existing, KeptChunks reuse, CancellationToken cancellationToken)
    {
        IReadOnlyList<Chunk> chunks = chunker.Split(document, tokenizer.CountTokens);
        if (chunks.Count > StoredLimits.MaxChunks(identity.Dimensions))
            throw TooManyChunks(document.Path, chunks.Count);
        (KeptChunk Chunk, StoredChunk Stored)?[] kept = reuse.Take(chunks);
        var writes = new ChunkWrite[chunks.Count];
        var words = new WordReader();
        var changed = new List<(int Position, string Text)>();
        for (int i = 0; i < writes.Length; i++)
        {
            string text = ChunkEmbeddingText.For(document.Path, chunks[i].Trail, chunks[i].Text);
            ReadOnlyMemory<int> tokens = kept[i]?.Stored.Tokens ?? PassageFormat.TokenizeChunk(tokenizer, chunks[i].Trail, chunks[i].Text);
            writes[i] = new ChunkWrite(chunks[i], tokens, default, words.Read(text)) { Kept = kept[i]?.Chunk };
            if (kept[i] is null)
                changed.Add((i, text));
        }

        Room?.Take(document.Path, new CorpusSize(1, writes.Length, writes.Sum(write => (long)write.Tokens.Length)), CorpusSize.Of(existing));
        foreach ((int Position, string Text)[] batch in changed.Chunk(EmbeddingBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<ReadOnlyMemory<float>> vectors =
                await EmbedAsync([.. batch.Select(chunk => chunk.Text)], cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                writes[batch[i].Position] = writes[batch[i].Position] with { Vector = vectors[i] };
            }
        }

        return writes;
    }

    private Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(string[] texts, CancellationToken cancellationToken) =>
        identity.Dimensions == 0 ? _embedding.EmbedAsync(texts, cancellationToken) : Trace.RunBelowAsync(RagActivities.Embed, span =>
        {
            span?.SetTag("gen_ai.operation.name", "embeddings");
            span?.SetTag("gen_ai.embeddings.dimension.count", identity.Dimensions);
            span?.SetTag("redisinfer.texts", texts.Length);
            return _embedding.EmbedAsync(texts, cancellationToken);
        });

    private RedisInferException TooManyChunks(string path, int count) => new(
        RedisInferErrorCode.DocumentNotReadable,
        $"'{path}' has {count} chunks. The limit is {StoredLimits.MaxChunks(identity.Dimensions)} with vectors of "
        + $"{identity.Dimensions} numbers. Split the document, or raise Chunking.MaxTokens.");

    /// <summary>Hash that changes whenever the document's chunks, tokens, words or vectors would.</summary>
    private string Hash(RagDocument document, DocumentLabels labels)
    {
        var hash = new XxHash128();
        string[] parts =
        [
            document.Text, document.Title ?? "", document.MediaType ?? "", chunker.Identity, identity.TokenizerFingerprint, identity.Embedding,
            WordReader.Identity, labels.Encode(),
        ];
        foreach (string part in parts)
        {
            hash.Append(MemoryMarshal.AsBytes(part.AsSpan()));
            hash.Append([0, 0]);
        }

        foreach (DocumentBlock block in document.Blocks)
        {
            hash.Append(MemoryMarshal.AsBytes((ReadOnlySpan<int>)[(int)block.Kind, block.Start, block.Length, block.Level, block.Page ?? 0]));
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }
}
