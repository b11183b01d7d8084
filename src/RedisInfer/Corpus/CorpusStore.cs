using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>
/// The documents of one corpus in a Redis-compatible server: manifest, chunks, vectors. Several threads and several processes may call
/// members at once. A document is seen in one generation or another, never in a mix. The connection belongs to the caller and stays open.
/// </summary>
internal sealed class CorpusStore : IDisposable
{
    private readonly string _where;
    private readonly CorpusHandle _handle;
    private readonly ManifestMirror _manifest;
    private readonly ExactVectorIndex _exact;
    private readonly VectorSetIndex _vectorSet;
    private readonly NoVectorIndex _noVectors = new();
    private readonly WordIndex _words;
    private readonly CorpusReader _reader;
    private readonly CorpusCleaner _cleaner;
    private readonly CorpusWriter _writer;
    private readonly CorpusReembedder _reembedder;
    private readonly CorpusRechunker _rechunker;
    private readonly LearnedSpread _spread;
    private readonly SearchBudget _budget;

    private CorpusStore(string where, CorpusHandle handle, IContextLoader loader, SearchMemory memory)
    {
        _where = where;
        _handle = handle;
        _manifest = new ManifestMirror(handle);
        _spread = new LearnedSpread(handle);
        _exact = new ExactVectorIndex(handle, _manifest);
        _vectorSet = new VectorSetIndex(handle, _manifest, memory.VectorBytes);
        _words = new WordIndex(handle, _manifest);
        _budget = new SearchBudget(handle.Keys.Corpus, memory.LimitBytes, EstimateMemory);
        _reader = new CorpusReader(handle, _manifest, _words, meta => IndexOf(meta.Storage), _budget, loader);
        var running = new RunningWork(handle);
        _cleaner = new CorpusCleaner(handle, running, _words, IndexOf);
        _writer = new CorpusWriter(handle, running, _cleaner, _words, meta => IndexOf(meta.Storage));
        _rechunker = new CorpusRechunker(handle, _reader, _manifest);
        _reembedder = new CorpusReembedder(handle, running, _reader, _cleaner, _manifest, meta => IndexOf(meta.Storage));
    }

    /// <summary>What the server can do.</summary>
    public ServerCapabilities Capabilities => _handle.Capabilities;

    /// <summary>Bytes of memory for the words and vectors that this process has loaded, estimated.</summary>
    public long HeldBytes => _words.HeldBytes + _exact.HeldBytes + _vectorSet.HeldBytes;

    /// <summary>Estimates the memory for what this process holds of the corpus: its words, and its vectors as 16-bit numbers.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Bytes for the documents that are indexed now.</returns>
    public Task<long> EstimateMemoryAsync(CancellationToken cancellationToken) => RunAsync(
        "reading",
        async () =>
        {
            (CorpusMeta? meta, CorpusSize size) = await MeasureAsync(cancellationToken).ConfigureAwait(false);
            return meta is null ? 0 : EstimateMemory(meta, size);
        },
        cancellationToken);

    /// <summary>Probes the server and reads what the corpus was made with. Writes nothing.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="corpus">Name of the corpus: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</param>
    /// <param name="loader">Loads the chunks of a question's passages into this process.</param>
    /// <param name="memory">What searching may take of this process's memory.</param>
    /// <param name="logger">Receives one line about the server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The store.</returns>
    public static async Task<CorpusStore> OpenAsync(
        IConnectionMultiplexer connection,
        string corpus,
        IContextLoader loader,
        SearchMemory memory,
        ILogger logger,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var keys = new CorpusKeys(corpus);
        string where = EndPointText.Of(connection.GetEndPoints());
        ServerCapabilities capabilities = await RunAsync(
            where,
            "probing the server",
            () => ServerProbe.ProbeAsync(connection.GetDatabase(), keys, where, logger),
            cancellationToken).ConfigureAwait(false);
        return new CorpusStore(where, new CorpusHandle(connection, keys, capabilities, time, logger), loader, memory);
    }

    /// <summary>Finds the room that a run has for documents.</summary>
    /// <param name="identity">The embedding and tokenizer of the run.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The room; <see langword="null"/> if there is no limit.</returns>
    public async Task<SearchRoom?> FindRoomAsync(IndexIdentity identity, CancellationToken cancellationToken) => !_budget.HasLimit ? null : await RunAsync(
        "reading",
        async () =>
        {
            (CorpusMeta? meta, CorpusSize size) = await MeasureAsync(cancellationToken).ConfigureAwait(false);
            return new SearchRoom(_budget, meta ?? new CorpusMeta(identity, _handle.StorageFor(identity), Epoch: 0), size);
        },
        cancellationToken).ConfigureAwait(false);

    /// <summary>Throws if the corpus was made with another embedding or tokenizer. An empty corpus matches any.</summary>
    /// <param name="identity">The embedding and tokenizer to use from now on.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>A task.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.IndexMismatch"/>.</exception>
    public async Task CheckIdentityAsync(IndexIdentity identity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        await RunAsync("opening", () => _reader.CheckIdentityAsync(identity, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks up a document.</summary>
    /// <param name="path">Its relative path.</param>
    /// <param name="cancellationToken">Observed before the round trip.</param>
    /// <returns>Its entry, or <see langword="null"/> if it is not indexed.</returns>
    public async Task<ManifestEntry?> FindAsync(string path, CancellationToken cancellationToken) =>
        (await FindManyAsync([path], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Looks up several documents, 512 in each round trip.</summary>
    /// <param name="paths">Their relative paths.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>One entry per path, in order; <see langword="null"/> for a path that is not indexed.</returns>
    public Task<ManifestEntry?[]> FindManyAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        foreach (string path in paths)
        {
            CorpusKeys.CheckPath(path);
        }

        return RunAsync("reading", () => _reader.FindManyAsync(paths, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Writes a document as a new generation, makes it current in one step, and retires the previous generation. If two writers write the
    /// same document, the last one to finish wins, and nothing of the other write is left.
    /// </summary>
    /// <param name="identity">The embedding and tokenizer that vectors and tokens were made with.</param>
    /// <param name="path">Relative path of the document.</param>
    /// <param name="contentHash">32 lower-case hexadecimal digits, used to decide whether the document has changed.</param>
    /// <param name="byteCount">Size of the document, in bytes.</param>
    /// <param name="chunks">Its chunks, with indexes from 0 without gaps. May be empty.</param>
    /// <param name="cancellationToken">Observed between round trips. After a cancellation the former generation stays current.</param>
    /// <param name="labels">Tags and metadata to filter by; <see langword="null"/>: none.</param>
    /// <param name="before">The current version of the document, if chunks of it are to be kept.</param>
    /// <param name="mustBeCurrent">Whether <paramref name="before"/> must be the current version even if nothing of it is kept.</param>
    /// <returns>
    /// The new entry; <see langword="null"/> if chunks were to be kept, or it must be current, and <paramref name="before"/> is not the current version any more.
    /// </returns>
    /// <exception cref="ArgumentException">An argument is wrong. Nothing was written.</exception>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.IndexMismatch"/>: the corpus holds documents made with another embedding or tokenizer.
    /// </exception>
    public async Task<ManifestEntry?> WriteAsync(
        IndexIdentity identity,
        string path,
        string contentHash,
        long byteCount,
        IReadOnlyList<ChunkWrite> chunks,
        CancellationToken cancellationToken,
        DocumentLabels? labels = null,
        ManifestEntry? before = null,
        bool mustBeCurrent = false)
    {
        var document = new NewDocument(identity, path, contentHash, byteCount, chunks, labels ?? DocumentLabels.None, before, mustBeCurrent);
        return await RunAsync(
            $"writing '{path}' to", () => _writer.WriteAsync(document, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the chunks of a document with their current positions and lines, to compare them with a new version.</summary>
    /// <param name="tokenizerFingerprint">The tokenizer that the tokens must have been made with.</param>
    /// <param name="entry">The document.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The chunks in order; <see langword="null"/> for a chunk that is gone, damaged, or made with another tokenizer.</returns>
    public Task<StoredChunk?[]> ReadDocumentAsync(string tokenizerFingerprint, ManifestEntry entry, CancellationToken cancellationToken) =>
        RunAsync("reading", () => _reader.ReadDocumentAsync(tokenizerFingerprint, entry, cancellationToken), cancellationToken);

    /// <summary>Removes a document.</summary>
    /// <param name="path">Its relative path.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Whether it was indexed.</returns>
    public Task<bool> RemoveAsync(string path, CancellationToken cancellationToken)
    {
        CorpusKeys.CheckPath(path);
        return RunAsync($"removing '{path}' from", () => _writer.RemoveAsync(path, cancellationToken), cancellationToken);
    }

    /// <summary>Lists the documents in no particular order. A document that is written meanwhile may be missed or listed twice.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The entries.</returns>
    public async IAsyncEnumerable<ManifestEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using IAsyncEnumerator<ManifestEntry> entries = _reader.ListAsync(cancellationToken).GetAsyncEnumerator(cancellationToken);
        while (await RunAsync("listing", () => entries.MoveNextAsync().AsTask(), cancellationToken).ConfigureAwait(false))
        {
            yield return entries.Current;
        }
    }

    /// <summary>Counts the indexed documents, chunks and tokens.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The numbers of documents, chunks and tokens.</returns>
    public Task<CorpusSize> CountAsync(CancellationToken cancellationToken) =>
        RunAsync("counting", () => _reader.CountAsync(cancellationToken), cancellationToken);

    /// <summary>Empties the corpus in one step, so that it can be re-created with another embedding.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>A task.</returns>
    public Task ClearAsync(CancellationToken cancellationToken) =>
        RunAsync("clearing", () => _writer.ClearAsync(cancellationToken), cancellationToken);

    /// <summary>Gives the corpus another embedding. Until that is done, the corpus stays as it was.</summary>
    /// <param name="identity">The new embedding, and the tokenizer the corpus was made with.</param>
    /// <param name="embed">Embeds texts of documents.</param>
    /// <param name="textOf">Returns the text of a chunk that is to be embedded.</param>
    /// <param name="progress">Receives each embedded document, and the state of the manifest with all documents.</param>
    /// <param name="patiently">Repeats calls of the server while it is not available.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>A task.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.IndexMismatch"/>: its tokens were made with another tokenizer.
    /// </exception>
    public Task ReembedAsync(
        IndexIdentity identity,
        Func<IReadOnlyList<string>, CancellationToken, Task<IReadOnlyList<ReadOnlyMemory<float>>>> embed,
        Func<StoredChunk, string> textOf,
        Action<ManifestEntry, MirroredManifest> progress,
        Func<Func<Task>, Task> patiently,
        CancellationToken cancellationToken) =>
        RunAsync(
            "re-embedding",
            () => _reembedder.RunAsync(
                identity,
                embed,
                textOf,
                progress,
                call => patiently(() => RunAsync("re-embedding", call, cancellationToken)),
                cancellationToken),
            cancellationToken);

    /// <summary>Gives the corpus the chunks of another chunker. Until that is done, it is refused as before.</summary>
    /// <param name="identity">The new chunker; the embedding and the tokenizer that the corpus was made with.</param>
    /// <param name="rewrite">
    /// Writes a document again from its stored chunks, with the identity that the corpus still has. Returns the new entry;
    /// <see langword="null"/> if the document has changed meanwhile.
    /// </param>
    /// <param name="progress">Receives each document, and the state of the manifest with all documents.</param>
    /// <param name="patiently">Repeats calls of the server while it is not available.</param>
    /// <param name="cancellationToken">Observed between documents.</param>
    /// <returns>A task.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.IndexMismatch"/>: it was made with another embedding or tokenizer.
    /// </exception>
    public Task RechunkAsync(
        IndexIdentity identity,
        Func<ManifestEntry, StoredChunk?[], IndexIdentity, Task<ManifestEntry?>> rewrite,
        Action<ManifestEntry, MirroredManifest> progress,
        Func<Func<Task>, Task> patiently,
        CancellationToken cancellationToken) =>
        RunAsync(
            "re-chunking",
            () => _rechunker.RunAsync(
                identity, rewrite, progress, call => patiently(() => RunAsync("re-chunking", call, cancellationToken)), cancellationToken),
            cancellationToken);

    /// <summary>Removes what dead writers have left. Call it before an indexing run.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The number of removed generations.</returns>
    public Task<int> CleanUpAbandonedAsync(CancellationToken cancellationToken) =>
        RunAsync("cleaning up", () => _cleaner.CleanUpAsync(cancellationToken), cancellationToken);

    /// <summary>Searches the vectors, the words, or both, as the query says.</summary>
    /// <param name="query">What to search for.</param>
    /// <param name="count">Maximum number of hits of each search.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The hits; <see langword="null"/> if the corpus is empty.</returns>
    public Task<CorpusSearch?> SearchAsync(CorpusQuery query, int count, CancellationToken cancellationToken) =>
        RunAsync("searching", () => _reader.SearchAsync(query, count, cancellationToken), cancellationToken);

    /// <summary>Reads chunks, and which generations are current, as of one instant.</summary>
    /// <param name="found">The search that found the chunks.</param>
    /// <param name="chunks">The chunks to read.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The snapshot; <see langword="null"/> if the corpus was cleared since the search.</returns>
    public Task<ChunkSnapshot?> ReadAsync(CorpusSearch found, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken) =>
        RunAsync("reading", () => _reader.ReadAsync(found, chunks, cancellationToken), cancellationToken);

    /// <summary>Reads how near unrelated questions are; <see langword="null"/> if that was not learned yet.</summary>
    /// <param name="cancellationToken">Observed before the round trip.</param>
    public Task<CosineSpread?> ReadSpreadAsync(CancellationToken cancellationToken) =>
        RunAsync("reading", _spread.ReadAsync, cancellationToken);

    /// <summary>Stores how near unrelated questions are, together with what was learned before.</summary>
    /// <param name="learned">What a sample of chunks says.</param>
    /// <param name="cancellationToken">Observed before the round trips.</param>
    public Task LearnAsync(CosineSpread learned, CancellationToken cancellationToken) =>
        RunAsync("writing", () => _spread.AddAsync(learned), cancellationToken);

    /// <summary>Reads chunks of generations that were current in a recent snapshot.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="chunks">The chunks.</param>
    /// <param name="cancellationToken">Observed before the round trip.</param>
    /// <returns>The chunks in order; <see langword="null"/> for a chunk that is gone.</returns>
    public Task<StoredChunk?[]> ReadMoreAsync(CorpusMeta meta, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken) =>
        RunAsync("reading", () => _reader.ReadMoreAsync(meta, chunks, cancellationToken), cancellationToken);

    /// <summary>Releases what the store holds in this process. The server keeps everything.</summary>
    public void Dispose()
    {
        _writer.Dispose();
        _words.Dispose();
        _manifest.Dispose();
        _exact.Dispose();
        _vectorSet.Dispose();
    }

    private static async Task<T> RunAsync<T>(string where, string doing, Func<Task<T>> call, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return await call().ConfigureAwait(false);
        }
        catch (Exception e) when (RedisErrors.IsRedis(e))
        {
            throw RedisErrors.From(e, where, doing);
        }
    }

    private Task<T> RunAsync<T>(string doing, Func<Task<T>> call, CancellationToken cancellationToken) =>
        RunAsync(_where, $"{doing} the corpus '{_handle.Keys.Corpus}'", call, cancellationToken);

    private Task RunAsync(string doing, Func<Task> call, CancellationToken cancellationToken) =>
        RunAsync(
            doing,
            async () =>
            {
                await call().ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    /// <summary>What the corpus was made with, and its size; <see langword="null"/> and 0 if it is empty.</summary>
    private async Task<(CorpusMeta? Meta, CorpusSize Size)> MeasureAsync(CancellationToken cancellationToken) =>
        await _handle.GetMetaAsync().ConfigureAwait(false) is { } meta
            ? (meta, (await _manifest.CatchUpAsync(meta, cancellationToken).ConfigureAwait(false)).Size)
            : default;

    private long EstimateMemory(CorpusMeta meta, CorpusSize size) =>
        WordIndex.EstimateMemory(size) + IndexOf(meta.Storage).EstimateMemory(meta, size);

    private IVectorIndex IndexOf(VectorStorage storage) => storage switch
    {
        VectorStorage.VectorSet => _vectorSet,
        VectorStorage.Documents => _exact,
        _ => _noVectors,
    };
}
