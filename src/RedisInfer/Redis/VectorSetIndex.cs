using System.Globalization;
using System.Numerics.Tensors;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>
/// Vectors in a Vector Set of the server (Redis 8, Garnet). Its commands never go into a transaction: there they hang Garnet.
/// </summary>
internal sealed class VectorSetIndex(CorpusContext context) : IVectorIndex
{
    // Candidates that the graph search keeps: more finds more of the true neighbours and takes longer. Measured over 5,000
    // paragraphs of 1,024 dimensions, the share of the true five nearest that is found, and the median time: Redis unquantized
    // 0.999 in 1.4 ms (8-bit: 0.986, whatever the effort); Garnet with 32 links 1.000 in 1.8 ms (with its 16: 0.995).
    private const int SearchEffort = 200;
    private const int GarnetSearchEffort = 500;

    // Garnet loses elements out of its graph where many have the same vector; more links make that rare.
    private const int GarnetLinks = 32;

    // Redis filters by the generation, which each element bears. As an expression it takes so many of them; where more may pass,
    // and on Garnet, whose filter looks at 256 candidates at most, hits are looked for among all.
    private const string GenerationAttribute = "g";
    private const int MaxFilterGenerations = 256;
    private const int FilterEffort = 1_000_000;
    private const int Oversampling = 4;

    private readonly bool _isGarnet = context.Capabilities.IsGarnet;

    public async ValueTask AddAsync(
        RedisPipeline pipeline, CorpusMeta meta, long generation, string path, IReadOnlyList<float[]?> vectors)
    {
        RedisKey key = context.Keys.VectorSet(meta.Epoch);
        string attributes = string.Create(CultureInfo.InvariantCulture, $"{{\"{GenerationAttribute}\":{generation}}}");
        for (int index = 0; index < vectors.Count; index++)
        {
            if (vectors[index] is not { } vector)
                continue;

            string element = CorpusKeys.Element(new ChunkRef(generation, path, index));
            object[] arguments = _isGarnet
                ? [key, "FP32", ToBlob(vector), element, "NOQUANT", "M", GarnetLinks, "XDISTANCE_METRIC", "COSINE"]
                : [key, "FP32", ToBlob(vector), element, "NOQUANT", "SETATTR", attributes];
            await pipeline.AddAsync(
                context.Database.ExecuteAsync("VADD", arguments), (vector.Length * sizeof(float)) + element.Length).ConfigureAwait(false);
        }
    }

    public async ValueTask RemoveAsync(
        RedisPipeline pipeline, long epoch, long generation, string path, int chunkCount, TimeSpan linger)
    {
        RedisKey key = context.Keys.VectorSet(epoch);
        for (int index = 0; index < chunkCount; index++)
        {
            string element = CorpusKeys.Element(new ChunkRef(generation, path, index));
            await pipeline.AddAsync(context.Database.ExecuteAsync("VREM", [key, element])).ConfigureAwait(false);
        }
    }

    public async Task<RankedHits> SearchAsync(
        CorpusMeta meta, float[] query, int count, AllowedDocuments? allowed, CancellationToken cancellationToken)
    {
        if (allowed is null)
            return new RankedHits(await SearchAsync(meta, query, count, filter: null, cancellationToken).ConfigureAwait(false), State: null);
        if (!_isGarnet && allowed.Generations.Count <= MaxFilterGenerations)
        {
            // The server sees numbers of our own alone, never what a filter was made of.
            string filter = $".{GenerationAttribute} in [{string.Join(',', allowed.Generations.Values)}]";
            return new RankedHits(await SearchAsync(meta, query, count, filter, cancellationToken).ConfigureAwait(false), State: null);
        }

        // So many may pass that they are soon found among all, or else the server's filter looks at too few.
        for (int among = count * Oversampling; ; among *= Oversampling)
        {
            IReadOnlyList<ChunkHit> all = await SearchAsync(meta, query, among, filter: null, cancellationToken).ConfigureAwait(false);
            ChunkHit[] hits = [.. all.Where(hit => allowed.Contains(hit.Chunk)).Take(count)];
            if (hits.Length == count || all.Count < among)
                return new RankedHits(hits, State: null);
        }
    }

    public async Task<float?[]> ScoreAsync(
        CorpusMeta meta, float[] query, IReadOnlyList<ChunkRef> chunks, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RedisKey key = context.Keys.VectorSet(meta.Epoch);
        return await Task.WhenAll(chunks.Select(ScoreOneAsync)).ConfigureAwait(false);

        async Task<float?> ScoreOneAsync(ChunkRef chunk)
        {
            RedisResult reply = await context.Database.ExecuteAsync("VEMB", [key, CorpusKeys.Element(chunk), "RAW"]).ConfigureAwait(false);

            // Kind and numbers, and more that differs from server to server; nothing where there is no such element.
            if (reply.IsNull || reply.Length < 2 || (byte[]?)reply[1] is not { } blob || blob.Length != query.Length * sizeof(float))
                return null;
            return Math.Clamp(TensorPrimitives.CosineSimilarity<float>(query, FloatBytes.Read(blob)), -1, 1);
        }
    }

    private async Task<IReadOnlyList<ChunkHit>> SearchAsync(
        CorpusMeta meta, float[] query, int count, string? filter, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        List<object> arguments =
        [
            context.Keys.VectorSet(meta.Epoch), "FP32", ToBlob(query), "WITHSCORES",
            "COUNT", count, "EF", Math.Max(_isGarnet ? GarnetSearchEffort : SearchEffort, count),
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
