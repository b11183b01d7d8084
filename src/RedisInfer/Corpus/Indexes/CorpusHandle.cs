using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>What the parts of a store share: connection, keys, clock, and what is known of the corpus.</summary>
internal sealed class CorpusHandle(
    IConnectionMultiplexer connection, CorpusKeys keys, ServerCapabilities capabilities, TimeProvider time, ILogger logger)
{
    private volatile CorpusMeta? _meta;
    private volatile IndexIdentity? _expected;

    public IDatabase Database { get; } = connection.GetDatabase();

    public CorpusKeys Keys => keys;

    public ServerCapabilities Capabilities => capabilities;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Names this store among all writers of the corpus.</summary>
    public string WriterId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Announced work of this store that still goes on: not to be cleaned up by itself.</summary>
    public ConcurrentDictionary<long, bool> Active { get; } = new();

    /// <summary>Where vectors of an embedding go in a corpus that is made now.</summary>
    public VectorStorage StorageFor(IndexIdentity identity) => identity.Dimensions == 0 ? VectorStorage.None
        : capabilities.HasVectorSets ? VectorStorage.VectorSet
        : VectorStorage.Documents;

    /// <summary>What the corpus was made with, as last read; asks where nothing is known yet.</summary>
    public async ValueTask<CorpusMeta?> GetMetaAsync() => _meta ?? await ReadMetaAsync().ConfigureAwait(false);

    /// <summary>Reads what the corpus was made with.</summary>
    public async Task<CorpusMeta?> ReadMetaAsync() => Learn(await Database.HashGetAllAsync(keys.Meta).ConfigureAwait(false));

    /// <summary>Takes in what the meta hash says now.</summary>
    public CorpusMeta? Learn(HashEntry[] entries)
    {
        CorpusMeta? meta = CorpusMeta.Decode(keys.Corpus, entries);
        if (meta is { Storage: VectorStorage.VectorSet } && !capabilities.HasVectorSets)
        {
            throw new RedisInferException(
                RedisInferErrorCode.StoreUnavailable,
                $"The corpus '{keys.Corpus}' keeps its vectors in a Vector Set, which this server lacks or this user may not use. Use the "
                + "server it was made on (Redis 8 or later, or Garnet), allow the V* commands, or choose another corpus name.");
        }

        _meta = meta;
        return meta;
    }

    /// <summary>Remembers what the caller works with, so that a corpus re-made by another process is noticed.</summary>
    public void Expect(IndexIdentity identity) => _expected = identity;

    /// <summary>Whether the corpus is what <see cref="Expect"/> was told; anything is, where it was told nothing.</summary>
    public bool IsExpected(CorpusMeta meta) => _expected is not { } expected || expected == meta.Identity;

    /// <summary>Throws where the corpus is not what <see cref="Expect"/> was told.</summary>
    public void RequireExpected(CorpusMeta meta)
    {
        if (_expected is { } expected)
            meta.Require(keys.Corpus, expected);
    }
}
