using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>What the parts of a store share: connection, keys, clock, and what is known about the corpus.</summary>
internal sealed class CorpusHandle(
    IConnectionMultiplexer connection, CorpusKeys keys, ServerCapabilities capabilities, TimeProvider time, ILogger logger)
{
    // The revision is a 64-bit number. Steps of this size leave room for 10^12 changes.
    private const long MaxRevisionStep = 1 << 24;

    private volatile CorpusMeta? _meta;
    private volatile IndexIdentity? _expected;

    public IDatabase Database { get; } = connection.GetDatabase();

    public CorpusKeys Keys => keys;

    public ServerCapabilities Capabilities => capabilities;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Identifies this store among all writers of the corpus.</summary>
    public string WriterId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Announced work of this store that is still running. The store must not clean it up itself.</summary>
    public ConcurrentDictionary<long, bool> Active { get; } = new();

    /// <summary>Where a corpus that is created now stores the vectors of an embedding.</summary>
    public VectorStorage StorageFor(IndexIdentity identity) => identity.Dimensions == 0 ? VectorStorage.None
        : capabilities.HasVectorSets ? VectorStorage.VectorSet
        : VectorStorage.Documents;

    /// <summary>What the corpus was made with, as last read. Asks the server if nothing is known yet.</summary>
    public async ValueTask<CorpusMeta?> GetMetaAsync() => _meta ?? await ReadMetaAsync().ConfigureAwait(false);

    /// <summary>Reads what the corpus was made with.</summary>
    public async Task<CorpusMeta?> ReadMetaAsync() => Learn(await Database.HashGetAllAsync(keys.Meta).ConfigureAwait(false));

    /// <summary>Remembers what the meta hash says now.</summary>
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

    /// <summary>
    /// Raises the revision by a random number. So a server that lost its last changes does not return to a revision that a process has
    /// seen, however many changes are made again.
    /// </summary>
    /// <param name="database">Takes the command: the transaction that makes the change.</param>
    public Task RaiseRevisionAsync(IDatabaseAsync database) =>
        database.StringIncrementAsync(keys.Revision, Random.Shared.NextInt64(1, MaxRevisionStep + 1));

    /// <summary>Remembers the caller's identity, so that a corpus re-created by another process is noticed.</summary>
    public void Expect(IndexIdentity identity) => _expected = identity;

    /// <summary>Whether the corpus matches the identity given to <see cref="Expect"/>. If none was given, every corpus does.</summary>
    public bool IsExpected(CorpusMeta meta) => _expected is not { } expected || expected == meta.Identity;

    /// <summary>Throws if the corpus does not match the identity given to <see cref="Expect"/>.</summary>
    public void RequireExpected(CorpusMeta meta)
    {
        if (_expected is { } expected)
            meta.Require(keys.Corpus, expected);
    }
}
