using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Corpus.Indexes;

/// <summary>What the parts of a store share: connection, keys, clock, and what is known about the corpus.</summary>
internal sealed partial class CorpusHandle(
    IConnectionMultiplexer connection, CorpusKeys keys, ServerCapabilities capabilities, TimeProvider time, ILogger logger)
{
    // Longer than a round trip to a distant server, so that writers of the same document do not meet again.
    private const int MaxBackoffMs = 250;

    // Servers compare numbers of writes as 64-bit floating-point numbers. 10^10 steps of this size are exact.
    private const long MaxNumberStep = 1 << 20;

    // Most records that are reported one by one.
    private const int MaxReports = 1000;

    private readonly ConcurrentDictionary<string, bool> _reported = new();
    private volatile CorpusMeta? _meta;
    private volatile IndexIdentity? _expected;

    public IDatabase Database { get; } = connection.GetDatabase();

    /// <summary>The same for what a question reads: its replies do not wait for a thread of the host's pool.</summary>
    public IDatabase Reads { get; } = RepliesOnOwnThreads.Of(connection.GetDatabase());

    /// <summary>The servers that commands go to now.</summary>
    public ConnectedServers ConnectedServers => ConnectedServers.Of(connection);

    public CorpusKeys Keys => keys;

    public ServerCapabilities Capabilities => capabilities;

    public TimeProvider Time => time;

    public ILogger Logger => logger;

    /// <summary>Identifies this store among all writers of the corpus.</summary>
    public string WriterId { get; } = Guid.NewGuid().ToString("N");

    /// <summary>Where a corpus that is created now stores the vectors of an embedding.</summary>
    public VectorStorage StorageFor(IndexIdentity identity) => identity.Dimensions == 0 ? VectorStorage.None
        : capabilities.HasVectorSets ? VectorStorage.VectorSet
        : VectorStorage.Documents;

    /// <summary>What the corpus was made with, as last read. Asks the server if nothing is known yet.</summary>
    public async ValueTask<CorpusMeta?> GetMetaAsync() => _meta ?? await ReadMetaAsync().ConfigureAwait(false);

    /// <summary>
    /// Takes a number for a write or an epoch. Numbers rise by random steps. A server that lost its last writes would otherwise give the
    /// same numbers again. Then two writes of a document would have the same keys.
    /// </summary>
    public Task<long> TakeNumberAsync() => Database.StringIncrementAsync(keys.Generation, Random.Shared.NextInt64(1, MaxNumberStep + 1));

    /// <summary>Waits before a transaction is attempted again: at random, and longer after each conflict.</summary>
    public Task BackOffAsync(int conflict, CancellationToken cancellationToken)
    {
        int mostMs = Math.Min(1 << Math.Min(conflict, 16), MaxBackoffMs);
        return Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(mostMs + 1)), time, cancellationToken);
    }

    /// <summary>Reads what the corpus was made with.</summary>
    public async Task<CorpusMeta?> ReadMetaAsync() => Learn(await Reads.HashGetAllAsync(keys.Meta).ConfigureAwait(false));

    /// <summary>Remembers what the meta hash says now.</summary>
    public CorpusMeta? Learn(HashEntry[]? entries)
    {
        CorpusMeta? meta = CorpusMeta.Decode(keys.Corpus, Answers.Fields(entries));
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
    /// Decodes a record of one document. A damaged record, or one of a newer release, costs that document and no other: it is logged once.
    /// </summary>
    /// <returns>The record; <see langword="null"/> if it cannot be read.</returns>
    public T? DecodeOrReport<T>(Func<T> decode)
        where T : class
    {
        try
        {
            return decode();
        }
        catch (RedisInferException e) when (e.Code == RedisInferErrorCode.StateCorrupt)
        {
            if (_reported.Count < MaxReports && _reported.TryAdd(e.Message, true))
                LogUnreadable(logger, keys.Corpus, e.Message);
            return null;
        }
    }

    /// <summary>Decodes an entry of the manifest; <see langword="null"/> if it cannot be read.</summary>
    public ManifestEntry? DecodeEntry(string path, RedisValue record) =>
        DecodeOrReport(() => ManifestRecord.Decode(path, record.ToString()));

    /// <summary>Decodes a field of the manifest; <see langword="null"/> if it cannot be read.</summary>
    public ManifestEntry? DecodeEntry(HashEntry field) => DecodeEntry(field.Name.ToString(), field.Value);

    /// <summary>Logs that chunks of a removed document stay, because its entry cannot be read: nothing else names them.</summary>
    public void ReportLeftOver(string path) => LogLeftOver(logger, path, keys.Corpus);

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

    [LoggerMessage(EventId = 220, Level = LogLevel.Warning, Message = "Skipped a record of the corpus '{Corpus}'. {Problem}")]
    private static partial void LogUnreadable(ILogger logger, string corpus, string problem);

    [LoggerMessage(
        EventId = 221, Level = LogLevel.Warning,
        Message = "Chunks of '{Path}' stay in Redis: its manifest entry, which names them, cannot be read. To free their memory, delete "
            + "the keys of corpus '{Corpus}' that hold this path.")]
    private static partial void LogLeftOver(ILogger logger, string path, string corpus);
}
