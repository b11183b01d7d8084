using System.Globalization;
using System.Numerics.Tensors;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>
/// Vectors in a Vector Set of the server (Redis 8, Garnet). If they fit into the memory set aside for them, they are loaded into this
/// process and searched here. That is several times as fast and finds the nearest for certain. Otherwise the server searches its graph.
/// Vector Set commands must never be in a transaction: there they hang Garnet.
/// </summary>
/// <param name="handle">The corpus.</param>
/// <param name="manifest">Tells which documents there are.</param>
/// <param name="memoryBytes">Bytes of memory for vectors in this process.</param>
internal sealed class VectorSetIndex(CorpusHandle handle, ManifestMirror manifest, long memoryBytes) : IVectorIndex, IDisposable
{
    // Candidates that the graph search keeps. More candidates find more of the true neighbors and take longer, and a larger graph needs
    // more. Shares of the true five nearest that Redis finds over 50,000 paragraphs of 384 dimensions: 0.82 with 200, 0.93 with 400, 0.98
    // with 800, 0.995 with 1,200.
    private const int LeastEffort = 200;
    private const int LeastEffortOfGarnet = 500;
    private const int MostEffort = 2000;
    private const int ChunksPerEffort = 50;

    // Garnet loses elements of its graph if many have the same vector. More links make that rare.
    private const int GarnetLinks = 32;

    // If the documents that pass a filter have at most this many chunks, their vectors are read and compared here. A graph has to be
    // searched far from the question to find so few, or in vain.
    private const int MaxCompared = 2048;

    // Redis filters by the generation, an attribute of each element. A filter expression takes at most this many generations. If more may
    // pass, the search requests more hits and filters them here. It does the same on Garnet, whose filter looks at 256 candidates at most.
    private const string GenerationAttribute = "g";
    private const int MaxFilterGenerations = 256;
    private const int Oversampling = 4;

    // A filtered search ends after this many candidates, or this many requested hits, even if more of them might pass.
    private const int FilterEffort = 100_000;
    private const int MaxRequested = 8192;

    // How many times documents may be replaced while they are loaded.
    private const int MaxLoads = 8;

    // Maximum number of vectors read in one round trip, unless one document has more.
    private const int LoadBatch = 512;

    private readonly bool _isGarnet = handle.Capabilities.IsGarnet;
    private readonly ExactSearch _exact = new(new DocumentMirror<FixedPointRows>(manifest, (meta, entries) => LoadAsync(handle, meta, entries)));

    public async ValueTask AddAsync(RedisPipeline pipeline, CorpusMeta meta, ManifestEntry entry, IReadOnlyList<float[]?> vectors)
    {
        RedisKey key = handle.Keys.VectorSet(meta.Epoch);
        for (int position = 0; position < vectors.Count; position++)
        {
            if (vectors[position] is not { } vector)
                continue;

            ChunkRef chunk = entry.ChunkAt(position);
            string element = CorpusKeys.Element(chunk);
            string attributes = string.Create(CultureInfo.InvariantCulture, $"{{\"{GenerationAttribute}\":{chunk.Generation}}}");
            object[] arguments = _isGarnet
                ? [key, "FP32", ToBlob(vector), element, "NOQUANT", "M", GarnetLinks, "XDISTANCE_METRIC", "COSINE"]
                : [key, "FP32", ToBlob(vector), element, "NOQUANT", "SETATTR", attributes];
            await pipeline.AddAsync(
                handle.Database.ExecuteAsync("VADD", arguments), (vector.Length * sizeof(float)) + element.Length).ConfigureAwait(false);
        }
    }

    public async ValueTask<bool> TryKeepAsync(CorpusMeta meta, ManifestEntry before, IReadOnlyList<int?> kept, float[]?[] vectors)
    {
        // A kept vector is not written again. If it is lost, no later write finds out. A chunk with a zero vector counts as lost too.
        foreach (int[] batch in kept.OfType<int>().Chunk(LoadBatch))
        {
            float[]?[] found = await Task.WhenAll(
                batch.Select(position => ReadAsync(handle, meta, before.ChunkAt(position)))).ConfigureAwait(false);
            if (found.Any(vector => vector is null))
                return false;
        }

        return true;
    }

    public async ValueTask<bool> HasAddedAsync(CorpusMeta meta, ManifestEntry entry, IReadOnlyList<float[]?> vectors)
    {
        foreach (int[] batch in Enumerable.Range(0, vectors.Count).Where(position => vectors[position] is not null).Chunk(LoadBatch))
        {
            float[]?[] found = await Task.WhenAll(batch.Select(
                position => ReadAsync(handle, meta, entry.ChunkAt(position), CommandFlags.DemandMaster))).ConfigureAwait(false);
            if (found.Any(vector => vector is null))
                return false;
        }

        return true;
    }

    public async ValueTask<bool> HasAllAsync(CorpusMeta meta, IReadOnlyCollection<ManifestEntry> entries, long vectorCount)
    {
        RedisResult count = await handle.Database.ExecuteAsync(
            "VCARD", [handle.Keys.VectorSet(meta.Epoch)], CommandFlags.DemandMaster).ConfigureAwait(false);
        return (count.IsNull ? 0 : (long)count) >= vectorCount;
    }

    public async ValueTask RemoveAsync(RedisPipeline pipeline, PendingRecord work, IReadOnlyList<ChunkRef> chunks, TimeSpan linger)
    {
        RedisKey key = handle.Keys.VectorSet(work.Epoch);
        foreach (ChunkRef chunk in chunks)
        {
            await pipeline.AddAsync(handle.Database.ExecuteAsync("VREM", [key, CorpusKeys.Element(chunk)])).ConfigureAwait(false);
        }
    }

    public Task<RankedHits> SearchAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken)
    {
        if (FitsIntoThisProcess(meta, state.Size))
            return _exact.SearchAsync(meta, state, query, count, allowed, cancellationToken);
        _exact.Release();
        return SearchOnServerAsync(meta, state, query, count, allowed, cancellationToken);
    }

    public Task<float?[]> ScoreAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken) =>
        FitsIntoThisProcess(meta, state.Size)
            ? _exact.ScoreAsync(meta, state, query, chunks, cancellationToken)
            : ScoreOnServerAsync(meta, query, chunks, cancellationToken);

    /// <summary>Bytes of memory for the vectors that are loaded, estimated.</summary>
    public long HeldBytes => _exact.HeldBytes;

    public long EstimateMemory(CorpusMeta meta, CorpusSize size) => FitsIntoThisProcess(meta, size) ? ExactSearch.EstimateMemory(meta, size) : 0;

    public void Dispose() => _exact.Dispose();

    private bool FitsIntoThisProcess(CorpusMeta meta, CorpusSize size) => ExactSearch.EstimateMemory(meta, size) <= memoryBytes;

    private int EffortFor(MirroredManifest state) => (int)Math.Clamp(
        state.ChunkCount / ChunksPerEffort, _isGarnet ? LeastEffortOfGarnet : LeastEffort, MostEffort);

    /// <summary>
    /// The server does not search one single state of the corpus: documents may be half written or half removed. Documents that changed
    /// since the given state are compared here, with all their current chunks. All hits of other documents are valid.
    /// </summary>
    private async Task<RankedHits> SearchOnServerAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken)
    {
        if (allowed is { ChunkCount: <= MaxCompared })
        {
            IReadOnlyList<ChunkHit> all = await CompareAsync(meta, query, allowed, cancellationToken).ConfigureAwait(false);
            return (await CheckAsync(meta, state, query, count, allowed, all, cancellationToken).ConfigureAwait(false)).Ranked;
        }

        // If the server cannot be told which documents are allowed, request more hits than wanted. Request more again if too many hits are
        // not allowed or out of date.
        string? filter = FilterFor(allowed);
        int most = Math.Max(count, MaxRequested);
        int among = allowed is null || filter is not null ? count : More(count);
        while (true)
        {
            IReadOnlyList<ChunkHit> found = await SearchAsync(meta, query, among, EffortFor(state), filter, cancellationToken).ConfigureAwait(false);
            (RankedHits ranked, int good) =
                await CheckAsync(meta, state, query, count, allowed, found, cancellationToken).ConfigureAwait(false);
            if (good >= count || found.Count < among || among == most)
                return ranked;
            among = More(among);
        }

        int More(int requested) => (int)Math.Min((long)requested * Oversampling, most);
    }

    /// <summary>All chunks of the allowed documents, compared in this process.</summary>
    private async Task<IReadOnlyList<ChunkHit>> CompareAsync(
        CorpusMeta meta, float[] query, AllowedDocuments allowed, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ManifestEntry[] entries = [.. allowed.Entries.Values];
        LoadedRecords<FixedPointRows> loaded = await LoadAsync(handle, meta, entries).ConfigureAwait(false);
        return [.. entries.SelectMany((entry, i) => Compare(entry, loaded.Records[i]!, query))];
    }

    /// <summary>Drops hits that are out of date or not allowed, and adds the documents that changed since the state.</summary>
    /// <returns>The best of them, and the number of hits that were not dropped.</returns>
    private async Task<(RankedHits Ranked, int Good)> CheckAsync(
        CorpusMeta meta,
        MirroredManifest state,
        float[] query,
        int count,
        AllowedDocuments? allowed,
        IReadOnlyList<ChunkHit> found,
        CancellationToken cancellationToken)
    {
        (MirroredManifest now, List<(ManifestEntry Entry, FixedPointRows Rows)> changed) =
            await LoadChangedAsync(meta, state, cancellationToken).ConfigureAwait(false);
        ChunkHit[] good = [.. found.Where(hit => IsGood(hit.Chunk, state, now) && allowed?.Contains(hit.Chunk) != false)];
        IEnumerable<ChunkHit> added = changed
            .Where(document => allowed?.Filter(document.Entry) != false)
            .SelectMany(document => Compare(document.Entry, document.Rows, query));
        var best = new BestHits(count);
        foreach (ChunkHit hit in good.Concat(added))
        {
            best.Add(hit.Chunk, hit.Score);
        }

        return (new RankedHits(best.ToArray(), now), good.Length);
    }

    private static IEnumerable<ChunkHit> Compare(ManifestEntry entry, FixedPointRows rows, float[] query) =>
        rows.Indexes.Select((position, row) => new ChunkHit(entry.ChunkAt(position), rows.Cosine(row, query)));

    /// <summary>The filter for the server holds only generation numbers, never what the caller's filter was made of.</summary>
    private string? FilterFor(AllowedDocuments? allowed) => allowed is null || _isGarnet || allowed.Generations.Count > MaxFilterGenerations
        ? null
        : $".{GenerationAttribute} in [{string.Join(',', allowed.Generations)}]";

    private static bool IsGood(in ChunkRef chunk, MirroredManifest before, MirroredManifest now) =>
        now.Entries.GetValueOrDefault(chunk.Path) is { } entry
        && entry.PositionOf(chunk) is not null
        && entry.IsSameWrite(before.Entries.GetValueOrDefault(chunk.Path));

    /// <summary>The manifest as it is now, and the vectors of all documents in it that changed since another state.</summary>
    private async Task<(MirroredManifest Now, List<(ManifestEntry Entry, FixedPointRows Rows)> Changed)> LoadChangedAsync(
        CorpusMeta meta, MirroredManifest before, CancellationToken cancellationToken)
    {
        MirroredManifest now = await manifest.CatchUpAsync(meta, cancellationToken).ConfigureAwait(false);
        for (int loads = 1; ; loads++)
        {
            ManifestEntry[] changed =
            [
                .. ReferenceEquals(now, before)
                    ? []
                    : now.Entries.Values.Where(entry => !entry.IsSameWrite(before.Entries.GetValueOrDefault(entry.Path))),
            ];
            LoadedRecords<FixedPointRows> loaded = await LoadAsync(handle, meta, changed).ConfigureAwait(false);
            if (!loaded.AreWhole && loads < MaxLoads)
            {
                MirroredManifest later = await manifest.CatchUpAsync(meta, cancellationToken).ConfigureAwait(false);
                if (!now.IsAtLeast(later))
                {
                    now = later;
                    continue;
                }
            }

            return (now, [.. changed.Select((entry, i) => (entry, loaded.Records[i]!))]);
        }
    }

    private async Task<float?[]> ScoreOnServerAsync(
        CorpusMeta meta, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        float[]?[] vectors = await Task.WhenAll(chunks.Select(chunk => ReadAsync(handle, meta, chunk))).ConfigureAwait(false);
        return [.. vectors.Select(vector => vector is null ? (float?)null : Math.Clamp(TensorPrimitives.Dot<float>(query, vector), -1, 1))];
    }

    /// <summary>A chunk's vector, of length 1; <see langword="null"/> if it has none, none any more, or a damaged one.</summary>
    private static async Task<float[]?> ReadAsync(
        CorpusHandle handle, CorpusMeta meta, ChunkRef chunk, CommandFlags flags = CommandFlags.None)
    {
        RedisResult reply = await handle.Reads.ExecuteAsync(
            "VEMB", [handle.Keys.VectorSet(meta.Epoch), CorpusKeys.Element(chunk), "RAW"], flags).ConfigureAwait(false);

        // The reply has the kind, the numbers, and more that differs from server to server. It is empty if there is no such element.
        if (reply.IsNull || reply.Length < 2 || (byte[]?)reply[1] is not { } blob || blob.Length != meta.Identity.Dimensions * sizeof(float))
            return null;
        float[] vector = FloatBytes.Read(blob);
        return TensorPrimitives.IsFiniteAll<float>(vector) ? UnitVector.From(vector) : null;
    }

    private static async Task<LoadedRecords<FixedPointRows>> LoadAsync(
        CorpusHandle handle, CorpusMeta meta, IReadOnlyList<ManifestEntry> entries)
    {
        var records = new FixedPointRows?[entries.Count];
        bool areWhole = true;
        for (int i = 0; i < records.Length;)
        {
            // Batch as many documents as fit into one batch of commands. A larger document is a batch by itself.
            int first = i;
            int chunks = 0;
            do
            {
                chunks += entries[i++].ChunkCount;
            }
            while (i < records.Length && chunks + entries[i].ChunkCount <= LoadBatch);

            ManifestEntry[] batch = [.. entries.Skip(first).Take(i - first)];
            float[]?[] vectors = await Task.WhenAll(batch.SelectMany(
                entry => Enumerable.Range(0, entry.ChunkCount).Select(position => ReadAsync(handle, meta, entry.ChunkAt(position))))).ConfigureAwait(false);
            areWhole &= vectors.All(vector => vector is not null);
            int start = 0;
            for (int document = 0; document < batch.Length; document++)
            {
                float[]?[] own = vectors[start..(start += batch[document].ChunkCount)];
                int[] positions = [.. Enumerable.Range(0, own.Length).Where(position => own[position] is not null)];
                float[] rows = [.. positions.SelectMany(position => own[position]!)];
                records[first + document] = new FixedPointRows(positions, rows, meta.Identity.Dimensions);
            }
        }

        return new LoadedRecords<FixedPointRows>(records, areWhole);
    }

    private async Task<IReadOnlyList<ChunkHit>> SearchAsync(
        CorpusMeta meta, float[] query, int count, int effort, string? filter, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<object> arguments =
        [
            handle.Keys.VectorSet(meta.Epoch), "FP32", ToBlob(query), "WITHSCORES",
            "COUNT", count, "EF", Math.Max(effort, count),
        ];
        if (filter is not null)
            arguments.AddRange(["FILTER", filter, "FILTER-EF", FilterEffort]);
        RedisResult reply = await handle.Reads.ExecuteAsync("VSIM", arguments).ConfigureAwait(false);
        if (reply.IsNull)
            return [];

        // Elements and scores alternate, in RESP2's array and in RESP3's map alike.
        var pairs = (RedisResult[])reply!;
        var hits = new List<ChunkHit>(pairs.Length / 2);
        for (int i = 0; i + 1 < pairs.Length; i += 2)
        {
            if (CorpusKeys.TryParseElement(pairs[i].ToString(), out ChunkRef chunk))
                hits.Add(new ChunkHit(chunk, ToCosine(ReadDouble(pairs[i + 1]))));
        }

        return hits;
    }

    /// <summary>Redis answers with the score (1 + cosine) / 2, Garnet with the distance 1 - cosine.</summary>
    private float ToCosine(double answer) => (float)Math.Clamp(_isGarnet ? 1 - answer : (2 * answer) - 1, -1, 1);

    private static double ReadDouble(RedisResult result) => double.Parse(result.ToString(), CultureInfo.InvariantCulture);

    private static byte[] ToBlob(float[] vector)
    {
        var blob = new byte[vector.Length * sizeof(float)];
        FloatBytes.Write(vector, blob);
        return blob;
    }
}
