using System.Runtime.CompilerServices;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>The reading half of a store. It never writes.</summary>
internal sealed class CorpusReader(
    CorpusHandle handle, ManifestMirror manifest, WordIndex words, Func<CorpusMeta, IVectorIndex> indexOf, IContextLoader loader)
{
    private const int LookUpBatch = 512;
    private const int ListPage = 512;
    private const int ReadBatch = 64;

    // How many times a corpus may be re-created during one question.
    private const int MaxRemakings = 4;

    /// <summary>Throws if the corpus holds documents made with another identity. Otherwise remembers the identity.</summary>
    public async Task CheckIdentityAsync(IndexIdentity identity, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await handle.ReadMetaAsync().ConfigureAwait(false) is { } meta && meta.Identity != identity)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await handle.Database.KeyExistsAsync(handle.Keys.Manifest).ConfigureAwait(false))
                meta.Require(handle.Keys.Corpus, identity);
        }

        handle.Expect(identity);
    }

    /// <summary>Looks up documents. A document whose entry cannot be read counts as not indexed, so that it is written again.</summary>
    public async Task<ManifestEntry?[]> FindManyAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var entries = new ManifestEntry?[paths.Count];
        for (int start = 0; start < paths.Count; start += LookUpBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RedisValue[] fields = [.. paths.Skip(start).Take(LookUpBatch).Select(path => (RedisValue)path)];
            RedisValue[] records = Answers.OfCount(
                await handle.Database.HashGetAsync(handle.Keys.Manifest, fields).ConfigureAwait(false), fields.Length);
            for (int i = 0; i < records.Length; i++)
            {
                entries[start + i] = records[i].IsNull ? null : handle.DecodeEntry(paths[start + i], records[i]);
            }
        }

        return entries;
    }

    public async IAsyncEnumerable<ManifestEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<HashEntry> fields = handle.Database.HashScanAsync(handle.Keys.Manifest, pageSize: ListPage);
        await foreach (HashEntry field in fields.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (handle.DecodeEntry(field) is { } entry)
                yield return entry;
        }
    }

    public async Task<(long Documents, long Chunks, long Tokens)> CountAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        HashEntry[] manifest = Answers.Fields(await handle.Reads.HashGetAllAsync(handle.Keys.Manifest).ConfigureAwait(false));
        ManifestEntry[] entries = [.. manifest.Select(field => handle.DecodeEntry(field)).OfType<ManifestEntry>()];
        return (entries.Length, entries.Sum(entry => (long)entry.ChunkCount), entries.Sum(entry => (long)entry.TokenCount));
    }

    /// <summary>Searches the vectors, the words, or both, as the query says.</summary>
    /// <param name="query">What to search for.</param>
    /// <param name="count">Maximum number of hits of each search.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The hits; <see langword="null"/> if the corpus is empty.</returns>
    public async Task<CorpusSearch?> SearchAsync(CorpusQuery query, int count, CancellationToken cancellationToken)
    {
        for (int remaking = 0; remaking < MaxRemakings; remaking++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await FindMetaAsync().ConfigureAwait(false) is not { } meta)
                return null;
            if (query.Vector.Length != meta.Identity.Dimensions)
                meta.Require(handle.Keys.Corpus, meta.Identity with { Dimensions = query.Vector.Length });

            MirroredManifest state = await manifest.CatchUpAsync(meta, cancellationToken).ConfigureAwait(false);
            AllowedDocuments? allowed = query.Filter is null ? null : Allow(state, query.Filter);

            // Search both at once. A change in between may be visible to only one search. That does no harm, because the manifest decides.
            float[]? unit = UnitVector.From(query.Vector.Span);
            Task<RankedHits> byVector = query.ByVector && unit is not null
                ? indexOf(meta).SearchAsync(meta, state, unit, count, allowed, cancellationToken)
                : Task.FromResult(RankedHits.None);
            Task<RankedHits> byWords = query.ByWords && query.Words.Count > 0
                ? words.SearchAsync(meta, state, query.Words, count, allowed, cancellationToken)
                : Task.FromResult(RankedHits.None);
            await Task.WhenAll(byVector, byWords).ConfigureAwait(false);
            var found = new CorpusSearch(meta, state, unit, await byVector.ConfigureAwait(false), await byWords.ConfigureAwait(false));
            if (!found.IsEmpty)
                return found;

            // No hits may also mean that the known meta record is out of date. Then search the corpus as it is now.
            CorpusMeta? now = await handle.ReadMetaAsync().ConfigureAwait(false);
            if (now == meta)
                return found;
        }

        return null;
    }

    /// <summary>
    /// Reads the found chunks and their similarity to the question, in one round trip. Chunks outlive their generation by minutes. So every
    /// chunk that is current in the search's state of the manifest can still be read.
    /// </summary>
    /// <param name="found">The search that found the chunks.</param>
    /// <param name="chunks">The chunks to read.</param>
    /// <param name="cancellationToken">Observed before the round trip.</param>
    /// <returns>The snapshot; <see langword="null"/> if the corpus was cleared since the search.</returns>
    public async Task<ChunkSnapshot?> ReadAsync(
        CorpusSearch found, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        CorpusMeta meta = found.Meta;
        Task<RedisValue> epochRead = handle.Reads.HashGetAsync(handle.Keys.Meta, CorpusMeta.EpochField);
        Task<LoadedChunk[]> chunksRead = LoadAsync(meta, chunks, cancellationToken);
        Task<float?[]> scoresRead = ScoreAsync(found, chunks, cancellationToken);
        await Task.WhenAll(epochRead, chunksRead, scoresRead).ConfigureAwait(false);
        if (await epochRead.ConfigureAwait(false) == meta.Epoch)
        {
            return new ChunkSnapshot(
                found.State.Entries,
                await chunksRead.ConfigureAwait(false),
                await scoresRead.ConfigureAwait(false));
        }

        cancellationToken.ThrowIfCancellationRequested();
        await handle.ReadMetaAsync().ConfigureAwait(false);
        return null;
    }

    /// <summary>Reads the chunks of a document with their current positions and lines, to compare them with a new version.</summary>
    /// <param name="tokenizerFingerprint">The tokenizer that the tokens must have been made with.</param>
    /// <param name="entry">The document.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>The chunks in order; <see langword="null"/> for a chunk that is gone, damaged, or made with another tokenizer.</returns>
    public async Task<StoredChunk?[]> ReadDocumentAsync(string tokenizerFingerprint, ManifestEntry entry, CancellationToken cancellationToken)
    {
        var chunks = new StoredChunk?[entry.ChunkCount];
        foreach (int[] batch in Enumerable.Range(0, chunks.Length).Chunk(ReadBatch))
        {
            cancellationToken.ThrowIfCancellationRequested();
            RedisKey[] keys = [.. batch.Select(position => handle.Keys.Chunk(entry.ChunkAt(position)))];
            RedisValue[] records = Answers.OfCount(await handle.Database.StringGetAsync(keys).ConfigureAwait(false), keys.Length);
            for (int i = 0; i < batch.Length; i++)
            {
                try
                {
                    if (!records[i].IsNull)
                    {
                        chunks[batch[i]] = entry.Place(
                            ChunkRecord.Decode(entry.ChunkAt(batch[i]), tokenizerFingerprint, (byte[])records[i]!), batch[i]);
                    }
                }
                catch (RedisInferException e) when (e.Code == RedisInferErrorCode.StateCorrupt)
                {
                    // A damaged chunk counts as gone: the document's next version writes it again.
                }
            }
        }

        return chunks;
    }

    /// <summary>Reads chunks of generations that were current in a recent snapshot. Chunks outlive their generation by minutes.</summary>
    /// <param name="meta">The corpus.</param>
    /// <param name="chunks">The chunks.</param>
    /// <param name="cancellationToken">Observed before the round trip.</param>
    /// <returns>The chunks in order; <see langword="null"/> for a chunk that is gone.</returns>
    public async Task<StoredChunk?[]> ReadMoreAsync(
        CorpusMeta meta, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        LoadedChunk[] loaded = await LoadAsync(meta, chunks, cancellationToken).ConfigureAwait(false);
        return [.. loaded.Select(chunk => chunk.Get())];
    }

    private Task<LoadedChunk[]> LoadAsync(CorpusMeta meta, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken) =>
        Task.WhenAll(chunks.Select(chunk => LoadAsync(meta, chunk, cancellationToken)));

    /// <summary>Copies a chunk out of its transfer buffer as soon as it has arrived. So no number of chunks waits for buffers.</summary>
    private async Task<LoadedChunk> LoadAsync(CorpusMeta meta, ChunkRef chunk, CancellationToken cancellationToken)
    {
        using LoadedContext? record = await loader.LoadAsync(handle.Reads, handle.Keys.Chunk(chunk), cancellationToken).ConfigureAwait(false);
        if (record is null)
            return default;
        try
        {
            StoredChunk stored = ChunkRecord.Decode(chunk, meta.Identity.TokenizerFingerprint, record.Value.Span);
            return new LoadedChunk(stored with { LoadStrategy = record.Strategy, LoadReason = record.Reason }, Problem: null);
        }
        catch (RedisInferException e) when (e.Code == RedisInferErrorCode.StateCorrupt)
        {
            return new LoadedChunk(Chunk: null, e);
        }
    }

    private static AllowedDocuments Allow(MirroredManifest manifest, Func<ManifestEntry, bool> filter) =>
        new(manifest.Entries.Values.Where(filter).ToDictionary(entry => entry.Path), filter);

    /// <summary>
    /// The cosine of each chunk. With an embedding it compares embeddings, and asks the index only for chunks that the vector search did
    /// not score. In a corpus without an embedding it compares words.
    /// </summary>
    private async Task<float?[]> ScoreAsync(CorpusSearch found, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken)
    {
        Dictionary<ChunkRef, float> known = (found.Meta.Storage == VectorStorage.None ? found.ByWords : found.ByVector).Hits
            .ToDictionary(hit => hit.Chunk, hit => hit.Score);
        ChunkRef[] unknown = [.. chunks.Where(chunk => !known.ContainsKey(chunk))];
        if (unknown.Length > 0 && found.UnitVector is { } unit)
        {
            float?[] scores = await indexOf(found.Meta).ScoreAsync(found.Meta, found.Asked, unit, unknown, cancellationToken).ConfigureAwait(false);
            for (int i = 0; i < unknown.Length; i++)
            {
                if (scores[i] is { } score)
                    known.Add(unknown[i], score);
            }
        }

        // A question with a zero vector is at a right angle to everything.
        float? otherwise = found.UnitVector is null ? 0 : null;
        return [.. chunks.Select(chunk => known.TryGetValue(chunk, out float score) ? score : otherwise)];
    }

    /// <summary>The corpus to search; <see langword="null"/> if it is empty.</summary>
    private async ValueTask<CorpusMeta?> FindMetaAsync()
    {
        CorpusMeta? meta = await handle.GetMetaAsync().ConfigureAwait(false);
        if (meta is null || handle.IsExpected(meta))
            return meta;

        // Another process may have re-created the corpus, so read it again before refusing it. The identity of a corpus without documents
        // does not matter.
        meta = await handle.ReadMetaAsync().ConfigureAwait(false);
        if (meta is null || handle.IsExpected(meta))
            return meta;
        if (await handle.Reads.KeyExistsAsync(handle.Keys.Manifest).ConfigureAwait(false))
            handle.RequireExpected(meta);
        return null;
    }
}
