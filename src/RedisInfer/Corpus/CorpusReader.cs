using System.Runtime.CompilerServices;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus;

/// <summary>The reading half of a store. It never writes.</summary>
internal sealed class CorpusReader(
    CorpusHandle handle,
    ManifestMirror manifest,
    WordIndex words,
    Func<CorpusMeta, IVectorIndex> indexOf,
    SearchBudget budget,
    IContextLoader loader)
{
    private const int LookUpBatch = 512;
    private const int ListPage = 512;
    private const int ReadBatch = 64;

    // How many times a corpus may be re-created during one question.
    private const int MaxRemakings = 4;

    // What was last read, and for which epoch. A question may read an older one than another question: both were right a moment ago.
    private volatile KnownSpread? _spread;

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

    public async Task<CorpusSize> CountAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        HashEntry[] manifest = Answers.Fields(await handle.Reads.HashGetAllAsync(handle.Keys.Manifest).ConfigureAwait(false));
        return CorpusSize.Of(manifest.Select(field => handle.DecodeEntry(field)).OfType<ManifestEntry>());
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
            budget.Require(meta, state.Size);
            CorpusQuery joined = query.Earlier is null ? query : await JoinAsync(meta, state, query, query.Earlier, cancellationToken).ConfigureAwait(false);
            AllowedDocuments? allowed = query.Filter is null ? null : Allow(state, query.Filter);

            // Search both at once. A change in between may be visible to only one search. That does no harm, because the manifest decides.
            float[]? unit = UnitVector.From(joined.Vector.Span);
            Task<RankedHits> byVector = query.ByVector && unit is not null
                ? indexOf(meta).SearchAsync(meta, state, unit, count, allowed, cancellationToken)
                : Task.FromResult(RankedHits.None);
            Task<RankedHits> byWords = query.ByWords && joined.Words.Count > 0
                ? words.SearchAsync(meta, state, joined.Words, count, allowed, cancellationToken)
                : Task.FromResult(RankedHits.None);
            await Task.WhenAll(byVector, byWords).ConfigureAwait(false);
            (RankedHits near, RankedHits worded) = (await byVector.ConfigureAwait(false), await byWords.ConfigureAwait(false));
            if (near.Hits.Count > 0 || worded.Hits.Count > 0)
            {
                return new CorpusSearch(
                    meta,
                    state,
                    near,
                    worded,
                    await ScoreAsync(meta, state, unit, near, worded, cancellationToken).ConfigureAwait(false),
                    await GetSpreadAsync(meta).ConfigureAwait(false));
            }

            // No hits may also mean that the known meta record is out of date. Then search the corpus as it is now.
            CorpusMeta? now = await handle.ReadMetaAsync().ConfigureAwait(false);
            if (now == meta)
                return new CorpusSearch(meta, state, near, worded, new Dictionary<ChunkRef, float>(), Unrelated: null);
        }

        return null;
    }

    /// <summary>
    /// Reads the found chunks in one round trip. Chunks outlive their generation by minutes. So every
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
        Task<RedisValue[]> metaRead = handle.Reads.HashGetAsync(handle.Keys.Meta, [CorpusMeta.EpochField, CorpusMeta.SpreadField]);
        Task<LoadedChunk[]> chunksRead = LoadAsync(meta, chunks, cancellationToken);
        await Task.WhenAll(metaRead, chunksRead).ConfigureAwait(false);
        RedisValue[] fields = Answers.OfCount(await metaRead.ConfigureAwait(false), 2);
        if (fields[0] == meta.Epoch)
        {
            _spread = new KnownSpread(meta.Epoch, CosineSpread.Decode(meta.Epoch, fields[1]));
            return new ChunkSnapshot(
                found.State.Entries,
                await chunksRead.ConfigureAwait(false),
                [.. chunks.Select(chunk => found.Scores.TryGetValue(chunk, out float score) ? score : (float?)null)]);
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

    private async Task<CorpusQuery> JoinAsync(
        CorpusMeta meta, MirroredManifest state, CorpusQuery query, EarlierQuery earlier, CancellationToken cancellationToken)
    {
        // Only a search by words needs the words of the corpus in this process.
        float told = query.ByWords
            ? await words.MeasureAsync(meta, state, query.Words, cancellationToken).ConfigureAwait(false)
            : query.Words.Where(word => !word.IsPair).Sum(word => word.Weight);
        return earlier.Join(query, told);
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
    /// The score of each hit. With an embedding it is the cosine of the embeddings, and the index is asked only for hits that the vector
    /// search did not score. In a corpus without an embedding it is the cosine of the words.
    /// </summary>
    private async Task<IReadOnlyDictionary<ChunkRef, float>> ScoreAsync(
        CorpusMeta meta, MirroredManifest state, float[]? unit, RankedHits byVector, RankedHits byWords, CancellationToken cancellationToken)
    {
        if (meta.Storage == VectorStorage.None)
            return byWords.Hits.ToDictionary(hit => hit.Chunk, hit => hit.Score);

        // A question with a zero vector is at a right angle to everything.
        if (unit is null)
            return byWords.Hits.ToDictionary(hit => hit.Chunk, _ => 0f);

        Dictionary<ChunkRef, float> scores = byVector.Hits.ToDictionary(hit => hit.Chunk, hit => hit.Score);
        ChunkRef[] unknown = [.. byWords.Hits.Select(hit => hit.Chunk).Where(chunk => !scores.ContainsKey(chunk))];
        if (unknown.Length == 0)
            return scores;
        float?[] compared = await indexOf(meta).ScoreAsync(meta, state, unit, unknown, cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < unknown.Length; i++)
        {
            if (compared[i] is { } score)
                scores.Add(unknown[i], score);
        }

        return scores;
    }

    /// <summary>How near unrelated questions are, as last read. Every question reads it again, with its chunks.</summary>
    private async ValueTask<CosineSpread?> GetSpreadAsync(CorpusMeta meta)
    {
        if (meta.Storage == VectorStorage.None)
            return null;
        if (_spread is not { } known || known.Epoch != meta.Epoch)
        {
            RedisValue value = await handle.Reads.HashGetAsync(handle.Keys.Meta, CorpusMeta.SpreadField).ConfigureAwait(false);
            known = new KnownSpread(meta.Epoch, CosineSpread.Decode(meta.Epoch, value));
            _spread = known;
        }

        return known.Spread;
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

    private sealed record KnownSpread(long Epoch, CosineSpread? Spread);
}
