using System.Runtime.CompilerServices;
using StackExchange.Redis;

namespace RedisInfer.Redis;

/// <summary>The reading half of a store. Writes nothing, ever.</summary>
internal sealed class CorpusReader(CorpusContext context, Func<CorpusMeta, IVectorIndex> indexOf)
{
    private const int LookUpBatch = 512;
    private const int ListPage = 512;

    // How often a corpus may be made anew during one question.
    private const int MaxRemakings = 4;

    /// <summary>Remembers the identity, and refuses where the corpus holds documents made with another.</summary>
    public async Task CheckIdentityAsync(IndexIdentity identity, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (await context.ReadMetaAsync().ConfigureAwait(false) is { } meta && meta.Identity != identity)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await context.Database.KeyExistsAsync(context.Keys.Manifest).ConfigureAwait(false))
                meta.Require(context.Keys.Corpus, identity);
        }

        context.Expect(identity);
    }

    public async Task<ManifestEntry?[]> FindManyAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        var entries = new ManifestEntry?[paths.Count];
        for (int start = 0; start < paths.Count; start += LookUpBatch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RedisValue[] fields = [.. paths.Skip(start).Take(LookUpBatch).Select(path => (RedisValue)path)];
            RedisValue[] records = await context.Database.HashGetAsync(context.Keys.Manifest, fields).ConfigureAwait(false);
            for (int i = 0; i < records.Length; i++)
            {
                entries[start + i] = records[i].IsNull ? null : ManifestRecord.Decode(paths[start + i], records[i].ToString());
            }
        }

        return entries;
    }

    public async IAsyncEnumerable<ManifestEntry> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<HashEntry> fields = context.Database.HashScanAsync(context.Keys.Manifest, pageSize: ListPage);
        await foreach (HashEntry field in fields.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return ManifestRecord.Decode(field.Name.ToString(), field.Value.ToString());
        }
    }

    public async Task<(long Documents, long Chunks, long Tokens)> CountAsync(CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RedisValue[] records = await context.Database.HashValuesAsync(context.Keys.Manifest).ConfigureAwait(false);
        long chunks = 0;
        long tokens = 0;
        foreach (RedisValue record in records)
        {
            ManifestEntry entry = ManifestRecord.Decode("?", record.ToString());
            chunks += entry.ChunkCount;
            tokens += entry.TokenCount;
        }

        return (records.Length, chunks, tokens);
    }

    /// <summary>Searches the vectors.</summary>
    /// <param name="query">The question's embedding.</param>
    /// <param name="count">Most hits wanted.</param>
    /// <param name="cancellationToken">Observed between round trips.</param>
    /// <returns>What was searched (<see langword="null"/>: the corpus is empty), and the hits.</returns>
    public async Task<(CorpusMeta? Meta, VectorSearch Found)> SearchAsync(
        ReadOnlyMemory<float> query, int count, CancellationToken cancellationToken)
    {
        for (int remaking = 0; remaking < MaxRemakings; remaking++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await FindMetaAsync().ConfigureAwait(false) is not { } meta)
                return (null, VectorSearch.Nothing);
            if (query.Length != meta.Identity.Dimensions)
                meta.Require(context.Keys.Corpus, meta.Identity with { Dimensions = query.Length });
            if (UnitVector.From(query.Span) is not { } unit)
                return (meta, VectorSearch.Nothing);

            VectorSearch found = await indexOf(meta).SearchAsync(meta, unit, count, cancellationToken).ConfigureAwait(false);
            if (found.Hits.Count > 0)
                return (meta, found);

            // Nothing may also mean that what was known of the corpus is out of date: then it is searched as it is now.
            CorpusMeta? now = await context.ReadMetaAsync().ConfigureAwait(false);
            if (now?.Epoch == meta.Epoch)
                return (meta, found);
        }

        return (null, VectorSearch.Nothing);
    }

    /// <summary>
    /// Reads, in one round trip, which generations are current and the chunks. Chunks are read after the manifest and outlive
    /// their generation by minutes, so that what the manifest calls current can be read.
    /// </summary>
    /// <param name="meta">What was searched.</param>
    /// <param name="found">What was found.</param>
    /// <param name="cancellationToken">Observed before the round trip.</param>
    /// <returns>The snapshot; <see langword="null"/> where the corpus was cleared since the search.</returns>
    public async Task<ChunkSnapshot?> ReadAsync(CorpusMeta meta, VectorSearch found, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        RedisKey[] keys = [.. found.Hits.Select(hit => context.Keys.Chunk(hit.Chunk))];
        Task<RedisValue> epochRead = context.Database.HashGetAsync(context.Keys.Meta, CorpusMeta.EpochField);
        Task<Dictionary<string, long>> currentRead = ReadCurrentAsync(found);
        Task<RedisValue[]> recordsRead = context.Database.StringGetAsync(keys);
        await Task.WhenAll(epochRead, currentRead, recordsRead).ConfigureAwait(false);
        if (await epochRead.ConfigureAwait(false) == meta.Epoch)
        {
            return new ChunkSnapshot(
                meta.Identity.TokenizerFingerprint,
                await currentRead.ConfigureAwait(false),
                await recordsRead.ConfigureAwait(false));
        }

        cancellationToken.ThrowIfCancellationRequested();
        await context.ReadMetaAsync().ConfigureAwait(false);
        return null;
    }

    private async Task<Dictionary<string, long>> ReadCurrentAsync(VectorSearch found)
    {
        var current = new Dictionary<string, long>();
        if (found.IsSnapshot)
        {
            foreach (VectorHit hit in found.Hits)
            {
                current[hit.Chunk.Path] = hit.Chunk.Generation;
            }

            return current;
        }

        RedisValue[] paths = [.. found.Hits.Select(hit => hit.Chunk.Path).Distinct().Select(path => (RedisValue)path)];
        RedisValue[] manifest = await context.Database.HashGetAsync(context.Keys.Manifest, paths).ConfigureAwait(false);
        for (int i = 0; i < paths.Length; i++)
        {
            if (manifest[i].IsNull)
                continue;
            string path = paths[i].ToString();
            current.Add(path, ManifestRecord.Decode(path, manifest[i].ToString()).Generation);
        }

        return current;
    }

    /// <summary>What there is to search; <see langword="null"/> where the corpus is empty.</summary>
    private async ValueTask<CorpusMeta?> FindMetaAsync()
    {
        CorpusMeta? meta = await context.GetMetaAsync().ConfigureAwait(false);
        if (meta is null || context.IsExpected(meta))
            return meta;

        // Made anew by another process since: look again before refusing. Without documents, what it was made with is no
        // matter.
        meta = await context.ReadMetaAsync().ConfigureAwait(false);
        if (meta is null || context.IsExpected(meta))
            return meta;
        if (await context.Database.KeyExistsAsync(context.Keys.Manifest).ConfigureAwait(false))
            context.RequireExpected(meta);
        return null;
    }
}
