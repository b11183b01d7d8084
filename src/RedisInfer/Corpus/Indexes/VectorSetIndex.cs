using System.Globalization;
using System.Numerics.Tensors;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>
/// Vectors in a Vector Set of the server (Redis 8, Garnet). As long as they fit into the memory set aside for it, they are read into
/// this process and searched here, which is several times as fast and finds the nearest for certain; beyond, the server searches its
/// graph. Vector Set commands never go into a transaction: there they hang Garnet.
/// </summary>
/// <param name="context">The corpus.</param>
/// <param name="manifest">Says which documents there are.</param>
/// <param name="memoryBytes">Memory for vectors in this process.</param>
internal sealed class VectorSetIndex(CorpusHandle context, ManifestMirror manifest, long memoryBytes) : IVectorIndex, IDisposable
{
    // Candidates that the graph search keeps: more finds more of the true neighbours and takes longer, and a larger graph needs
    // more. Over 50,000 paragraphs of 384 dimensions Redis finds 0.82 of the true five nearest with 200, 0.93 with 400, 0.98 with
    // 800, 0.995 with 1,200.
    private const int LeastEffort = 200;
    private const int LeastEffortOfGarnet = 500;
    private const int MostEffort = 2000;
    private const int ChunksPerEffort = 50;

    // Garnet loses elements out of its graph where many have the same vector; more links make that rare.
    private const int GarnetLinks = 32;

    // Redis filters by the generation, which each element bears. As an expression it takes so many of them; where more may pass,
    // and on Garnet, whose filter looks at 256 candidates at most, hits are looked for among all.
    private const string GenerationAttribute = "g";
    private const int MaxFilterGenerations = 256;
    private const int FilterEffort = 1_000_000;
    private const int Oversampling = 4;

    // How often documents may be replaced while they are loaded.
    private const int MaxLoads = 8;

    // Vectors read in one round trip.
    private const int LoadBatch = 512;

    private readonly bool _isGarnet = context.Capabilities.IsGarnet;
    private readonly ExactSearch _exact = new(new DocumentMirror<FixedPointRows>(manifest, (meta, entries) => LoadAsync(context, meta, entries)));

    public async ValueTask AddAsync(RedisPipeline pipeline, CorpusMeta meta, ManifestEntry entry, IReadOnlyList<float[]?> vectors)
    {
        RedisKey key = context.Keys.VectorSet(meta.Epoch);
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
                context.Database.ExecuteAsync("VADD", arguments), (vector.Length * sizeof(float)) + element.Length).ConfigureAwait(false);
        }
    }

    public ValueTask<bool> TryKeepAsync(CorpusMeta meta, ManifestEntry before, IReadOnlyList<int?> kept, float[]?[] vectors) => new(true);

    public async ValueTask RemoveAsync(RedisPipeline pipeline, PendingRecord work, IReadOnlyList<ChunkRef> chunks, TimeSpan linger)
    {
        RedisKey key = context.Keys.VectorSet(work.Epoch);
        foreach (ChunkRef chunk in chunks)
        {
            await pipeline.AddAsync(context.Database.ExecuteAsync("VREM", [key, CorpusKeys.Element(chunk)])).ConfigureAwait(false);
        }
    }

    public Task<RankedHits> SearchAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken)
    {
        if (FitsIntoThisProcess(meta, state))
            return _exact.SearchAsync(meta, state, query, count, allowed, cancellationToken);
        _exact.Release();
        return SearchOnServerAsync(meta, state, query, count, allowed, cancellationToken);
    }

    public Task<float?[]> ScoreAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken) =>
        FitsIntoThisProcess(meta, state)
            ? _exact.ScoreAsync(meta, state, query, chunks, cancellationToken)
            : ScoreOnServerAsync(meta, query, chunks, cancellationToken);

    public void Dispose() => _exact.Dispose();

    private bool FitsIntoThisProcess(CorpusMeta meta, MirroredManifest state) =>
        state.ChunkCount * FixedPointRows.BytesPerRow(meta.Identity.Dimensions) <= memoryBytes;

    private int EffortFor(MirroredManifest state) => (int)Math.Clamp(
        state.ChunkCount / ChunksPerEffort, _isGarnet ? LeastEffortOfGarnet : LeastEffort, MostEffort);

    /// <summary>
    /// What the server searches is no one state of the corpus: documents may be half written, or half taken away. Those that were changed
    /// since the state that was known before are compared here, with all chunks that they have now; of the others all hits are good.
    /// </summary>
    private async Task<RankedHits> SearchOnServerAsync(
        CorpusMeta meta, MirroredManifest state, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken)
    {
        // Where only some of the documents may be found, and the server cannot be told which, they are looked for among more; and so they
        // are where what is out of date stands before them.
        string? filter = FilterFor(allowed);
        for (int among = allowed is null || filter is not null ? count : count * Oversampling; ; among *= Oversampling)
        {
            IReadOnlyList<ChunkHit> found = await SearchAsync(meta, query, among, EffortFor(state), filter, cancellationToken).ConfigureAwait(false);
            (MirroredManifest now, List<(ManifestEntry Entry, FixedPointRows Rows)> changed) =
                await LoadChangedAsync(meta, state, cancellationToken).ConfigureAwait(false);
            var best = new BestHits(count);
            int good = 0;
            foreach (ChunkHit hit in found.Where(hit => IsGood(hit.Chunk, state, now) && allowed?.Contains(hit.Chunk) != false))
            {
                best.Add(hit.Chunk, hit.Score);
                good++;
            }

            if (good < count && found.Count >= among)
                continue;
            foreach ((ManifestEntry entry, FixedPointRows rows) in changed.Where(document => allowed?.Filter(document.Entry) != false))
            {
                for (int row = 0; row < rows.Indexes.Length; row++)
                {
                    best.Add(entry.ChunkAt(rows.Indexes[row]), rows.Cosine(row, query));
                }
            }

            return new RankedHits(best.ToArray(), now);
        }
    }

    /// <summary>The server sees numbers of our own alone, never what a filter was made of.</summary>
    private string? FilterFor(AllowedDocuments? allowed) => allowed is null || _isGarnet || allowed.Generations.Count > MaxFilterGenerations
        ? null
        : $".{GenerationAttribute} in [{string.Join(',', allowed.Generations)}]";

    private static bool IsGood(in ChunkRef chunk, MirroredManifest before, MirroredManifest now) =>
        now.Entries.GetValueOrDefault(chunk.Path) is { } entry
        && entry.PositionOf(chunk) is not null
        && before.Entries.GetValueOrDefault(chunk.Path)?.Generation == entry.Generation;

    /// <summary>The manifest as it is now, and the vectors of all documents in it that are new since another state.</summary>
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
                    : now.Entries.Values.Where(entry => before.Entries.GetValueOrDefault(entry.Path)?.Generation != entry.Generation),
            ];
            LoadedRecords<FixedPointRows> loaded = await LoadAsync(context, meta, changed).ConfigureAwait(false);
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
        float[]?[] vectors = await Task.WhenAll(chunks.Select(chunk => ReadAsync(context, meta, chunk))).ConfigureAwait(false);
        return [.. vectors.Select(vector => vector is null ? (float?)null : Math.Clamp(TensorPrimitives.Dot<float>(query, vector), -1, 1))];
    }

    /// <summary>A chunk's vector, of length 1; <see langword="null"/> where it has none, or not any more.</summary>
    private static async Task<float[]?> ReadAsync(CorpusHandle context, CorpusMeta meta, ChunkRef chunk)
    {
        RedisResult reply = await context.Database.ExecuteAsync(
            "VEMB", [context.Keys.VectorSet(meta.Epoch), CorpusKeys.Element(chunk), "RAW"]).ConfigureAwait(false);

        // Kind and numbers, and more that differs from server to server; nothing where there is no such element.
        return reply.IsNull || reply.Length < 2 || (byte[]?)reply[1] is not { } blob || blob.Length != meta.Identity.Dimensions * sizeof(float)
            ? null
            : UnitVector.From(FloatBytes.Read(blob));
    }

    private static async Task<LoadedRecords<FixedPointRows>> LoadAsync(
        CorpusHandle context, CorpusMeta meta, IReadOnlyList<ManifestEntry> entries)
    {
        var records = new FixedPointRows?[entries.Count];
        bool areWhole = true;
        for (int i = 0; i < records.Length;)
        {
            // As many documents at a time as make a batch of commands; a large one is a batch of its own.
            int first = i;
            int chunks = 0;
            do
            {
                chunks += entries[i++].ChunkCount;
            }
            while (i < records.Length && chunks + entries[i].ChunkCount <= LoadBatch);

            ManifestEntry[] batch = [.. entries.Skip(first).Take(i - first)];
            float[]?[] vectors = await Task.WhenAll(batch.SelectMany(
                entry => Enumerable.Range(0, entry.ChunkCount).Select(position => ReadAsync(context, meta, entry.ChunkAt(position))))).ConfigureAwait(false);
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
            context.Keys.VectorSet(meta.Epoch), "FP32", ToBlob(query), "WITHSCORES",
            "COUNT", count, "EF", Math.Max(effort, count),
        ];
        if (filter is not null)
            arguments.AddRange(["FILTER", filter, "FILTER-EF", FilterEffort]);
        RedisResult reply = await context.Database.ExecuteAsync("VSIM", arguments).ConfigureAwait(false);
        if (reply.IsNull)
            return [];

        // Element and score take turns, in RESP2's array and in RESP3's map alike.
        var pairs = (RedisResult[])reply!;
        var hits = new List<ChunkHit>(pairs.Length / 2);
        for (int i = 0; i + 1 < pairs.Length; i += 2)
        {
            if (CorpusKeys.TryParseElement(pairs[i].ToString(), out ChunkRef chunk))
                hits.Add(new ChunkHit(chunk, ToCosine(ReadDouble(pairs[i + 1]))));
        }

        return hits;
    }

    /// <summary>Redis scores (1 + cosine) / 2; Garnet answers with the distance 1 - cosine.</summary>
    private float ToCosine(double answer) => (float)Math.Clamp(_isGarnet ? 1 - answer : (2 * answer) - 1, -1, 1);

    private static double ReadDouble(RedisResult result) => double.Parse(result.ToString(), CultureInfo.InvariantCulture);

    private static byte[] ToBlob(float[] vector)
    {
        var blob = new byte[vector.Length * sizeof(float)];
        FloatBytes.Write(vector, blob);
        return blob;
    }
}
