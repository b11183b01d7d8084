using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using RedisInfer.Threads;
using RedisInfer.Words;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>
/// The words of all chunks. They are stored on the server, one value per document, and ranked in this process. So every server finds the
/// same. Several threads may call members at once.
/// </summary>
internal sealed class WordIndex(CorpusHandle handle, ManifestMirror manifest) : IDisposable
{
    // Words and pairs of words of the chunks, and their postings. Measured over manuals and sources: 16 bytes. Made text, in which hardly a
    // pair of words occurs twice: 18.
    private const int BytesPerToken = 16;

    // The entry of the manifest, the objects and arrays of a document, and its place in the mirrors.
    private const int BytesPerDocument = 700;

    private readonly DocumentMirror<ChunkWords[]> _mirror = new(manifest, (_, entries) => LoadAsync(handle, entries));

    // One question at a time builds or searches the postings. The others wait without a thread: building them takes seconds in a large
    // corpus, and the host has other uses for its thread pool.
    private readonly SemaphoreSlim _turn = new(1);
    private MirroredCorpus<ChunkWords[]> _applied = MirroredCorpus<ChunkWords[]>.Nothing;
    private WordPostings _postings = new();

    /// <summary>Writes the words of a generation that is not visible yet.</summary>
    public ValueTask AddAsync(RedisPipeline pipeline, long generation, string path, IReadOnlyList<ChunkWords> chunks)
    {
        RedisKey key = handle.Keys.Words(generation, path);
        byte[] record = WordRecord.Encode(key.ToString(), chunks);
        return pipeline.AddAsync(handle.Database.StringSetAsync(key, record), record.Length);
    }

    /// <summary>Removes the words of a generation that is not visible any more. May run twice.</summary>
    public ValueTask RemoveAsync(RedisPipeline pipeline, long generation, string path, TimeSpan linger) =>
        pipeline.AddAsync(handle.Database.KeyExpireAsync(handle.Keys.Words(generation, path), linger));

    /// <summary>Bytes of memory for the words that are loaded, estimated.</summary>
    public long HeldBytes => EstimateMemory(_mirror.Loaded.Size);

    /// <summary>The memory in this process that ranking takes.</summary>
    /// <param name="size">The documents to rank.</param>
    /// <returns>Bytes.</returns>
    public static long EstimateMemory(CorpusSize size) => (size.Tokens * BytesPerToken) + (size.Documents * BytesPerDocument);

    /// <summary>Ranks the chunks that hold any of the words.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="state">The documents to search. The searched state may be newer.</param>
    /// <param name="query">The words, each once.</param>
    /// <param name="count">Maximum number of hits.</param>
    /// <param name="allowed">The documents to find; <see langword="null"/>: all.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The hits, best first, scored by BM25.</returns>
    public Task<RankedHits> SearchAsync(
        CorpusMeta meta,
        MirroredManifest state,
        IReadOnlyList<WordQuery> query,
        int count,
        AllowedDocuments? allowed,
        CancellationToken cancellationToken) => UseAsync(
            meta,
            state,
            postings =>
            {
                ChunkHit[] hits = postings.Search(query, count, allowed);
                Dictionary<string, ManifestEntry> entries = _applied.Manifest.Entries;
                return new RankedHits([.. hits.Select(hit => hit with { Chunk = entries[hit.Chunk.Path].ChunkAt(hit.Chunk.Index) })], _applied.Manifest);
            },
            cancellationToken);

    /// <summary>Measures what words tell: their sum, each by its rarity, in words that one chunk alone holds.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="state">The documents. The measured state may be newer.</param>
    /// <param name="query">The words, each once.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    public Task<float> MeasureAsync(
        CorpusMeta meta, MirroredManifest state, IReadOnlyList<WordQuery> query, CancellationToken cancellationToken) =>
        UseAsync(meta, state, postings => postings.Measure(query), cancellationToken);

    public void Dispose()
    {
        _mirror.Dispose();
        _turn.Dispose();
    }

    /// <summary>Uses the postings of a state, or of a newer one, while no other question does.</summary>
    private async Task<T> UseAsync<T>(CorpusMeta meta, MirroredManifest state, Func<WordPostings, T> use, CancellationToken cancellationToken)
    {
        MirroredCorpus<ChunkWords[]> corpus = await _mirror.CatchUpAsync(meta, state, cancellationToken).ConfigureAwait(false);
        await _turn.WaitAsync(cancellationToken).OnOwnThread();
        try
        {
            // Another question may already have applied a newer state.
            if (!_applied.Manifest.IsAtLeast(corpus.Manifest))
                Apply_NeedsTurn(corpus);
            return use(_postings);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Apply_NeedsTurn(MirroredCorpus<ChunkWords[]> corpus)
    {
        MirroredCorpus<ChunkWords[]> before = _applied;
        WordPostings postings = _postings;

        // If memory runs out halfway, the postings are of no state: start again with new ones.
        (_applied, _postings) = (MirroredCorpus<ChunkWords[]>.Nothing, new WordPostings());
        foreach (MirroredDocument<ChunkWords[]> document in Missing(before, corpus))
        {
            postings.Remove(document.Entry.Generation, document.Entry.Path, document.Record);
        }

        if (postings.HoldsMoreDeadThanAlive)
            (before, postings) = (MirroredCorpus<ChunkWords[]>.Nothing, new WordPostings());
        foreach (MirroredDocument<ChunkWords[]> document in Missing(corpus, before))
        {
            postings.Add(document.Entry.Generation, document.Entry.Path, document.Record);
        }

        (_applied, _postings) = (corpus, postings);
    }

    /// <summary>The documents of one state that another state does not have as of the same write.</summary>
    private static IEnumerable<MirroredDocument<ChunkWords[]>> Missing(MirroredCorpus<ChunkWords[]> of, MirroredCorpus<ChunkWords[]> other) =>
        of.Documents.Values.Where(document => !document.Entry.IsSameWrite(other.Documents.GetValueOrDefault(document.Entry.Path)?.Entry));

    private static async Task<LoadedRecords<ChunkWords[]>> LoadAsync(CorpusHandle handle, IReadOnlyList<ManifestEntry> entries)
    {
        RedisKey[] keys = [.. entries.Select(entry => handle.Keys.Words(entry.Generation, entry.Path))];
        RedisValue[] values = Answers.OfCount(await handle.Reads.StringGetAsync(keys).ConfigureAwait(false), keys.Length);
        ChunkWords[]?[] records = [.. values.Select((value, i) => value.IsNull ? null : Read(keys[i].ToString(), (byte[])value!))];
        return new LoadedRecords<ChunkWords[]>(records, records.All(record => record is not null));

        // A document whose words cannot be read has none, until it changes.
        ChunkWords[] Read(string key, byte[] value) => handle.DecodeOrReport(() => WordRecord.Decode(key, value)) ?? [];
    }
}
