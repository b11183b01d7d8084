using System.Globalization;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>Reads all records of a corpus, by the product's own readers of them.</summary>
internal sealed class StoredCorpus : IDisposable
{
    private const int ScanPage = 1000;

    private readonly IConnectionMultiplexer _connection;
    private readonly CorpusStore _store;
    private readonly CorpusKeys _keys;

    private StoredCorpus(IConnectionMultiplexer connection, CorpusStore store, CorpusKeys keys)
    {
        _connection = connection;
        _store = store;
        _keys = keys;
    }

    private IDatabase Database => _connection.GetDatabase();

    public static async Task<StoredCorpus> OpenAsync(IConnectionMultiplexer connection, string corpus, CancellationToken cancellationToken)
    {
        CorpusStore store = await CorpusStore.OpenAsync(
            connection, corpus, new AdaptiveContextLoader(), new SearchMemory(VectorBytes: 0), NullLogger.Instance, TimeProvider.System, cancellationToken);
        return new StoredCorpus(connection, store, new CorpusKeys(corpus));
    }

    public async Task<CorpusMeta> ReadMetaAsync() => CorpusMeta.Decode(_keys.Corpus, await Database.HashGetAllAsync(_keys.Meta))!;

    public async Task<List<ManifestEntry>> ListAsync(CancellationToken cancellationToken) =>
        await _store.ListAsync(cancellationToken).ToListAsync(cancellationToken);

    public async Task<StoredDocument> ReadAsync(CorpusMeta meta, ManifestEntry entry, CancellationToken cancellationToken)
    {
        RedisKey wordsKey = _keys.Words(entry.Generation, entry.Path);
        Task<StoredChunk?[]> chunks = _store.ReadDocumentAsync(meta.Identity.TokenizerFingerprint, entry, cancellationToken);
        Task<RedisValue> words = Database.StringGetAsync(wordsKey);
        Task<float[]?[]> vectors = ReadVectorsAsync(meta, entry);
        await Task.WhenAll(chunks, words, vectors);
        var record = (byte[]?)await words;
        return new StoredDocument(
            entry, await chunks, record is null ? null : WordRecord.Decode(wordsKey.ToString(), record), await vectors);
    }

    /// <summary>The number of announcements of unfinished work.</summary>
    public Task<long> CountAnnouncedAsync() => Database.HashLengthAsync(_keys.Pending);

    /// <summary>What belongs to no document, to no announced work, and never expires.</summary>
    public async Task<List<string>> FindOrphansAsync(
        CorpusMeta meta, IReadOnlyList<ManifestEntry> entries, CancellationToken cancellationToken)
    {
        PendingRecord[] announced =
            [.. (await Database.HashGetAllAsync(_keys.Pending)).Select(field => PendingRecord.Decode((long)field.Name, field.Value.ToString()))];
        HashSet<ChunkRef> chunks =
        [
            .. entries.SelectMany(entry => Enumerable.Range(0, entry.ChunkCount).Select(entry.ChunkAt)),
            .. announced.SelectMany(work => work.Chunks.Chunks.Select(chunk => new ChunkRef(chunk.Generation, work.Path, chunk.First))),
        ];
        IEnumerable<(long Generation, string Path)> writes =
            entries.Select(entry => (entry.Generation, entry.Path)).Concat(announced.Select(work => (work.Generation, work.Path)));
        HashSet<string> known =
        [
            .. ((RedisKey[])[_keys.Meta, _keys.Manifest, _keys.Generation, _keys.Revision, _keys.Changes, _keys.KvIndex, _keys.Pending, _keys.VectorSet(meta.Epoch)])
                .Select(key => key.ToString()),
            .. chunks.Select(chunk => _keys.Chunk(chunk).ToString()),
            .. writes.SelectMany(write => (RedisKey[])[_keys.Words(write.Generation, write.Path), _keys.Vectors(meta.Epoch, write.Generation, write.Path)])
                .Select(key => key.ToString()),
        ];
        var orphans = new List<string>();
        await foreach (RedisKey key in ListKeysAsync("*", cancellationToken))
        {
            if (!known.Contains(key.ToString()) && await Database.KeyTimeToLiveAsync(key) is null && await Database.KeyExistsAsync(key))
                orphans.Add(key.ToString());
        }

        if (meta.Storage == VectorStorage.VectorSet)
        {
            HashSet<string> elements = [.. chunks.Select(chunk => CorpusKeys.Element(chunk))];
            orphans.AddRange((await ListElementsAsync(meta)).Where(element => !elements.Contains(element)).Select(element => $"vector {element}"));
        }

        return orphans;
    }

    public async Task ForgetWritersAsync(CancellationToken cancellationToken)
    {
        await foreach (RedisKey key in ListKeysAsync("writer:*", cancellationToken))
        {
            await Database.KeyDeleteAsync(key);
        }
    }

    public void Dispose() => _store.Dispose();

    private async IAsyncEnumerable<RedisKey> ListKeysAsync(string pattern, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (IServer server in _connection.GetServers().Where(server => server.IsConnected && !server.IsReplica))
        {
            await foreach (RedisKey key in server.KeysAsync(pattern: $"{{{_keys.Corpus}}}:{pattern}", pageSize: ScanPage).WithCancellation(cancellationToken))
            {
                yield return key;
            }
        }
    }

    private async Task<string[]> ListElementsAsync(CorpusMeta meta)
    {
        RedisKey key = _keys.VectorSet(meta.Epoch);
        RedisResult count = await Database.ExecuteAsync("VCARD", [key]);
        return count.IsNull ? [] : (string[])(await Database.ExecuteAsync("VRANDMEMBER", [key, (long)count]))!;
    }

    private async Task<float[]?[]> ReadVectorsAsync(CorpusMeta meta, ManifestEntry entry)
    {
        if (meta.Storage == VectorStorage.VectorSet)
        {
            return await Task.WhenAll(Enumerable.Range(0, entry.ChunkCount).Select(position => ReadElementAsync(meta, entry.ChunkAt(position))));
        }

        RedisKey key = _keys.Vectors(meta.Epoch, entry.Generation, entry.Path);
        var vectors = new float[]?[entry.ChunkCount];
        if ((byte[]?)await Database.StringGetAsync(key) is { } record)
        {
            VectorRows rows = VectorRecord.Decode(key.ToString(), meta.Identity.Dimensions, record);
            for (int row = 0; row < rows.Indexes.Length; row++)
            {
                vectors[rows.Indexes[row]] = rows.Rows[(row * meta.Identity.Dimensions)..((row + 1) * meta.Identity.Dimensions)];
            }
        }

        return vectors;
    }

    private async Task<float[]?> ReadElementAsync(CorpusMeta meta, ChunkRef chunk)
    {
        RedisResult numbers = await Database.ExecuteAsync("VEMB", [_keys.VectorSet(meta.Epoch), CorpusKeys.Element(chunk)]);
        return numbers.IsNull ? null : [.. ((string[])numbers!).Select(number => float.Parse(number, CultureInfo.InvariantCulture))];
    }
}
