using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>
/// The documents of one corpus in a Redis-compatible server: manifest, chunks, vectors. Members may be called from several
/// threads and by several processes at once; a document is seen in one generation or another, never in a mix.
/// The connection is the caller's and stays open.
/// </summary>
internal sealed class CorpusStore : IDisposable
{
    private readonly string _where;
    private readonly CorpusHandle _context;
    private readonly ManifestMirror _manifest;
    private readonly ExactVectorIndex _exact;
    private readonly VectorSetIndex _vectorSet;
    private readonly NoVectorIndex _noVectors = new();
    private readonly WordIndex _words;
    private readonly CorpusReader _reader;
    private readonly CorpusCleaner _cleaner;
    private readonly CorpusWriter _writer;
    private readonly CorpusReembedder _reembedder;

    private CorpusStore(string where, CorpusHandle context, IContextLoader loader, long vectorMemoryBytes)
    {
        _where = where;
        _context = context;
        _manifest = new ManifestMirror(context);
        _exact = new ExactVectorIndex(context, _manifest);
        _vectorSet = new VectorSetIndex(context, _manifest, vectorMemoryBytes);
        _words = new WordIndex(context, _manifest);
        _reader = new CorpusReader(context, _manifest, _words, meta => IndexOf(meta.Storage), loader);
        _cleaner = new CorpusCleaner(context, _words, IndexOf);
        _writer = new CorpusWriter(context, _cleaner, _words, meta => IndexOf(meta.Storage));
        _reembedder = new CorpusReembedder(context, _reader, _cleaner, _manifest, meta => IndexOf(meta.Storage));
    }

    /// <summary>What the server can do.</summary>
    public ServerCapabilities Capabilities => _context.Capabilities;

    /// <summary>Probes the server and reads what the corpus was made with. Writes nothing.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="corpus">Name of the corpus: 1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</param>
    /// <param name="loader">How the chunks of a question's passages reach this process.</param>
    /// <param name="vectorMemoryBytes">Memory for vectors in this process, where the server could search them too.</param>
    /// <param name="logger">Gets one line about the server.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The store.</returns>
    public static async Task<CorpusStore> OpenAsync(
        IConnectionMultiplexer connection,
        string corpus,
        IContextLoader loader,
        long vectorMemoryBytes,
        ILogger logger,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var keys = new CorpusKeys(corpus);
        string where = EndPointText.Of(connection.GetEndPoints());
        ServerCapabilities capabilities = await RunAsync(
            where,
            "probing it",
            () => ServerProbe.ProbeAsync(connection.GetDatabase(), keys, where, logger),
            cancellationToken).ConfigureAwait(false);
        return new CorpusStore(where, new CorpusHandle(connection, keys, capabilities, time, logger), loader, vectorMemoryBytes);
    }

    /// <summary>Throws where the corpus was made with something else; an empty corpus agrees with everything.</summary>
    /// <param name="identity">What is asked for from now on.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>A task.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.IndexMismatch"/>.</exception>
    public async Task CheckIdentityAsync(IndexIdentity identity, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(identity);
        await RunAsync("opening", () => _reader.CheckIdentityAsync(identity, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Looks a document up.</summary>
    /// <param name="path">Its relative path.</param>
    /// <param name="cancellationToken">Observed before the round trip.</param>
    /// <returns>Its entry, or <see langword="null"/> where it is not indexed.</returns>
    public async Task<ManifestEntry?> FindAsync(string path, CancellationToken cancellationToken) =>
        (await FindManyAsync([path], cancellationToken).ConfigureAwait(false))[0];

    /// <summary>Looks several documents up in one round trip per 512 of them.</summary>
    /// <param name="paths">Their relative paths.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>One entry per path, in order; <see langword="null"/> where it is not indexed.</returns>
    public Task<ManifestEntry?[]> FindManyAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        foreach (string path in paths)
        {
            CorpusKeys.CheckPath(path);
        }

        return RunAsync("reading", () => _reader.FindManyAsync(paths, cancellationToken), cancellationToken);
    }

    /// <summary>
    /// Writes a document as a new generation, makes it the current one at once, and retires the one before. Of two writers
    /// of a document the last to finish wins, and nothing of the other is left.
    /// </summary>
    /// <param name="identity">What tokens and vectors were made with.</param>
    /// <param name="path">Relative path of the document.</param>
    /// <param name="contentHash">32 lower-case hexadecimal digits that decide whether it has changed.</param>
    /// <param name="byteCount">Size of the document, in bytes.</param>
    /// <param name="chunks">Its chunks, indexes from 0 without gaps; may be empty.</param>
    /// <param name="cancellationToken">Observed between round trips; a cancelled write leaves the former generation.</param>
    /// <param name="labels">What to filter by; <see langword="null"/>: nothing.</param>
    /// <param name="before">The document as it stands, where chunks of it are to be kept.</param>
    /// <returns>
    /// The new entry; <see langword="null"/> where chunks were to be kept, and the document is not <paramref name="before"/> any more.
    /// </returns>
    /// <exception cref="ArgumentException">An argument is wrong; nothing was written.</exception>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.IndexMismatch"/>: the corpus holds documents made with something else.
    /// </exception>
    public async Task<ManifestEntry?> WriteAsync(
        IndexIdentity identity,
        string path,
        string contentHash,
        long byteCount,
        IReadOnlyList<ChunkWrite> chunks,
        CancellationToken cancellationToken,
        DocumentLabels? labels = null,
        ManifestEntry? before = null)
    {
        var document = new NewDocument(identity, path, contentHash, byteCount, chunks, labels ?? DocumentLabels.None, before);
        return await RunAsync(
            $"writing '{path}' to", () => _writer.WriteAsync(document, cancellationToken), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads the chunks of a document as they stand in it, to compare with what it is to become.</summary>
    /// <param name="tokenizerFingerprint">What its tokens must have been made with.</param>
    /// <param name="entry">The document.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The chunks in order; <see langword="null"/> where one is gone, damaged, or made with something else.</returns>
    public Task<StoredChunk?[]> ReadDocumentAsync(string tokenizerFingerprint, ManifestEntry entry, CancellationToken cancellationToken) =>
        RunAsync("reading", () => _reader.ReadDocumentAsync(tokenizerFingerprint, entry, cancellationToken), cancellationToken);

    /// <summary>Removes a document.</summary>
    /// <param name="path">Its relative path.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Whether it was there.</returns>
    public Task<bool> RemoveAsync(string path, CancellationToken cancellationToken)
    {
        CorpusKeys.CheckPath(path);
        return RunAsync($"removing '{path}' from", () => _writer.RemoveAsync(path, cancellationToken), cancellationToken);
    }

    /// <summary>Lists the documents in no particular order. Those written while it runs may be missed or come twice.</summary>
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

    /// <summary>Counts what is indexed.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Documents, chunks, tokens.</returns>
    public Task<(long Documents, long Chunks, long Tokens)> CountAsync(CancellationToken cancellationToken) =>
        RunAsync("counting", () => _reader.CountAsync(cancellationToken), cancellationToken);

    /// <summary>Empties the corpus at once, so that it can be made anew with another embedding.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>A task.</returns>
    public Task ClearAsync(CancellationToken cancellationToken) =>
        RunAsync("clearing", () => _writer.ClearAsync(cancellationToken), cancellationToken);

    /// <summary>Gives the corpus another embedding; until it is done it stays as it was.</summary>
    /// <param name="identity">The new embedding, and the tokenizer the corpus was made with.</param>
    /// <param name="embed">Embeds texts of documents.</param>
    /// <param name="textOf">What of a chunk is embedded.</param>
    /// <param name="progress">Gets each document that was embedded, and all there are.</param>
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
        CancellationToken cancellationToken) =>
        RunAsync("embedding", () => _reembedder.RunAsync(identity, embed, textOf, progress, cancellationToken), cancellationToken);

    /// <summary>Removes what writers that died have left. To be called before an indexing run.</summary>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>Generations removed.</returns>
    public Task<int> CleanUpAbandonedAsync(CancellationToken cancellationToken) =>
        RunAsync("tidying", () => _cleaner.CleanUpAsync(cancellationToken), cancellationToken);

    /// <summary>Searches vectors and words, as asked.</summary>
    /// <param name="query">What to search for.</param>
    /// <param name="count">Most hits wanted of each.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>What was found; <see langword="null"/> where the corpus is empty.</returns>
    public Task<CorpusSearch?> SearchAsync(CorpusQuery query, int count, CancellationToken cancellationToken) =>
        RunAsync("searching", () => _reader.SearchAsync(query, count, cancellationToken), cancellationToken);

    /// <summary>Reads which generations are current and what chunks hold, as of one instant.</summary>
    /// <param name="found">What was searched.</param>
    /// <param name="chunks">What of it to read.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The snapshot; <see langword="null"/> where the corpus was cleared since the search.</returns>
    public Task<ChunkSnapshot?> ReadAsync(CorpusSearch found, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken) =>
        RunAsync("reading", () => _reader.ReadAsync(found, chunks, cancellationToken), cancellationToken);

    /// <summary>Reads chunks of generations that a snapshot called current a moment ago.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="chunks">The chunks.</param>
    /// <param name="cancellationToken">Observed before the round trip.</param>
    /// <returns>The chunks in order; <see langword="null"/> where one is gone.</returns>
    public Task<StoredChunk?[]> ReadMoreAsync(CorpusMeta meta, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken) =>
        RunAsync("reading", () => _reader.ReadMoreAsync(meta, chunks, cancellationToken), cancellationToken);

    /// <summary>Lets go of what the store holds in this process; the server keeps everything.</summary>
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
        RunAsync(_where, $"{doing} the corpus '{_context.Keys.Corpus}'", call, cancellationToken);

    private Task RunAsync(string doing, Func<Task> call, CancellationToken cancellationToken) =>
        RunAsync(
            doing,
            async () =>
            {
                await call().ConfigureAwait(false);
                return true;
            },
            cancellationToken);

    private IVectorIndex IndexOf(VectorStorage storage) => storage switch
    {
        VectorStorage.VectorSet => _vectorSet,
        VectorStorage.Documents => _exact,
        _ => _noVectors,
    };
}
