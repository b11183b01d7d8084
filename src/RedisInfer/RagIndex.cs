using System.IO.Hashing;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Extensions.Logging;
using RedisInfer.Chunking;
using RedisInfer.Inference;
using RedisInfer.Ingestion;
using RedisInfer.Prompting;
using RedisInfer.Redis;
using RedisInfer.Retrieval;

namespace RedisInfer;

/// <summary>Chunks, tokenizes, embeds and stores documents; leaves alone what has not changed.</summary>
internal sealed partial class RagIndex(
    RagRuntime runtime, PassageFinder finder, IChunker chunker, ILogger<RagIndex> logger) : IRagIndex
{
    private const int MaxPathLength = 1024;

    // Chunks embedded in one call: enough to fill a batch of an embedding model, little enough to bound memory.
    private const int EmbeddingBatch = 64;

    public async IAsyncEnumerable<IndexedDocument> AddAsync(
        IAsyncEnumerable<RagDocument> documents, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(documents);
        Run run = await StartRunAsync(cancellationToken).ConfigureAwait(false);
        await foreach (RagDocument document in documents.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            yield return FindProblem(document) is { } problem
                ? Skip(document?.Path ?? "", problem)
                : await IndexAsync(run, document, cancellationToken).ConfigureAwait(false);
        }
    }

    public async Task<IndexedDocument> AddAsync(RagDocument document, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(document);
        if (FindProblem(document) is { } problem)
        {
            throw new ArgumentException(problem, nameof(document));
        }

        Run run = await StartRunAsync(cancellationToken).ConfigureAwait(false);
        return await IndexAsync(run, document, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<IndexedDocument> AddDirectoryAsync(
        string directory,
        FileTreeOptions? options = null,
        IProgress<IndexingProgress>? progress = null,
        [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        FileTreeScan scan = FileTree.Scan(directory, options, cancellationToken);
        Run run = await StartRunAsync(cancellationToken).ConfigureAwait(false);
        long filesDone = 0;
        long bytesDone = 0;
        await foreach (FileTreeEntry entry in FileTree.ReadAsync(directory, options, cancellationToken).ConfigureAwait(false))
        {
            string? problem = entry.Document is null ? entry.SkipReason : FindProblem(entry.Document);
            IndexedDocument indexed = problem is null
                ? await IndexAsync(run, entry.Document!, cancellationToken).ConfigureAwait(false)
                : Skip(entry.Path, problem);
            filesDone++;
            bytesDone += entry.Bytes;
            progress?.Report(new IndexingProgress(filesDone, scan.Files, bytesDone, scan.Bytes, entry.Path));
            yield return indexed;
        }
    }

    public async Task<bool> RemoveAsync(string path, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        CorpusStore store = await runtime.GetStoreAsync(cancellationToken).ConfigureAwait(false);
        return await store.RemoveAsync(path, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<DocumentInfo> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        CorpusStore store = await runtime.GetStoreAsync(cancellationToken).ConfigureAwait(false);
        await foreach (ManifestEntry entry in store.ListAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return new DocumentInfo(entry.Path, entry.ChunkCount, entry.TokenCount, entry.IndexedAt);
        }
    }

    public async Task<IndexCount> CountAsync(CancellationToken cancellationToken = default)
    {
        CorpusStore store = await runtime.GetStoreAsync(cancellationToken).ConfigureAwait(false);
        (long documents, long chunks, long tokens) = await store.CountAsync(cancellationToken).ConfigureAwait(false);
        return new IndexCount(documents, chunks, tokens);
    }

    public async Task<IReadOnlyList<RagPassage>> SearchAsync(RagRequest request, CancellationToken cancellationToken = default)
    {
        PassageFinder.ThrowIfInvalid(request);
        (RetrievalResult found, _) = await finder.FindAsync(request, cancellationToken).ConfigureAwait(false);
        return [.. found.Chunks.Select((chunk, i) => PassageFinder.ToPassage(i + 1, chunk, chunk.Tokens.Length))];
    }

    public async Task ClearAsync(CancellationToken cancellationToken = default)
    {
        CorpusStore store = await runtime.GetStoreAsync(cancellationToken).ConfigureAwait(false);
        await store.ClearAsync(cancellationToken).ConfigureAwait(false);
    }

    private static string? FindProblem(RagDocument? document) => document switch
    {
        null => "The document is null.",
        { Path: null or "" } => "The document has no path: give it one, such as guides/backups.md.",
        { Path.Length: > MaxPathLength } => $"The document's path has {document.Path.Length} characters; the most is {MaxPathLength}.",
        { Text: null } => $"The document '{document.Path}' has no text.",
        _ => null,
    };

    private async Task<Run> StartRunAsync(CancellationToken cancellationToken)
    {
        IInferenceModel model = await runtime.GetModelAsync(cancellationToken).ConfigureAwait(false);
        TextEmbedder embedder = await runtime.GetEmbedderAsync(cancellationToken).ConfigureAwait(false);
        CorpusStore store = await runtime.GetCheckedStoreAsync(cancellationToken).ConfigureAwait(false);
        await store.CleanUpAbandonedAsync(cancellationToken).ConfigureAwait(false);
        return new Run(store, model.Tokenizer, embedder);
    }

    private IndexedDocument Skip(string path, string reason)
    {
        LogSkipped(path, reason);
        return new IndexedDocument(path, IndexingStatus.Skipped, 0, 0, reason);
    }

    private async Task<IndexedDocument> IndexAsync(Run run, RagDocument document, CancellationToken cancellationToken)
    {
        string hash = Hash(document.Text, run.Identity);
        ManifestEntry? existing = await run.Store.FindAsync(document.Path, cancellationToken).ConfigureAwait(false);
        if (existing is not null && existing.ContentHash == hash)
        {
            return new IndexedDocument(document.Path, IndexingStatus.Unchanged, existing.ChunkCount, existing.TokenCount);
        }

        List<ChunkWrite> writes = await PrepareAsync(run, document, cancellationToken).ConfigureAwait(false);
        ManifestEntry entry = await run.Store.WriteAsync(
            run.Identity, document.Path, hash, Encoding.UTF8.GetByteCount(document.Text), writes, cancellationToken).ConfigureAwait(false);
        IndexingStatus status = existing is null ? IndexingStatus.Added : IndexingStatus.Updated;
        return new IndexedDocument(document.Path, status, entry.ChunkCount, entry.TokenCount);
    }

    private async Task<List<ChunkWrite>> PrepareAsync(Run run, RagDocument document, CancellationToken cancellationToken)
    {
        IReadOnlyList<Chunk> chunks = chunker.Split(document.Text, run.Tokenizer.CountTokens);
        var writes = new List<ChunkWrite>(chunks.Count);
        var words = new WordReader();
        foreach (Chunk[] batch in chunks.Chunk(EmbeddingBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            string[] texts = [.. batch.Select(chunk => ChunkEmbeddingText.For(document.Path, chunk))];
            IReadOnlyList<ReadOnlyMemory<float>> vectors =
                await run.Embedder.EmbedAsync(texts, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
            {
                writes.Add(new ChunkWrite(batch[i], PassageFormat.TokenizeChunk(run.Tokenizer, batch[i].Text), vectors[i], words.Read(texts[i])));
            }
        }

        return writes;
    }

    /// <summary>Changes whenever the document's chunks, tokens or vectors would.</summary>
    private string Hash(string text, IndexIdentity identity)
    {
        var hash = new XxHash128();
        foreach (string part in (string[])[text, chunker.Identity, identity.TokenizerFingerprint, identity.Embedding, WordReader.Identity])
        {
            hash.Append(MemoryMarshal.AsBytes(part.AsSpan()));
            hash.Append([0, 0]);
        }

        return Convert.ToHexStringLower(hash.GetCurrentHash());
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Skipped '{Path}': {Reason}")]
    private partial void LogSkipped(string path, string reason);

    /// <summary>What one call of indexing works with.</summary>
    private sealed record Run(CorpusStore Store, ITokenizer Tokenizer, TextEmbedder Embedder)
    {
        public IndexIdentity Identity { get; } = new(Embedder.Identity, Embedder.Dimensions, Tokenizer.Fingerprint);
    }
}
