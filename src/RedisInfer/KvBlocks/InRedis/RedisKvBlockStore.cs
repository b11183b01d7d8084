using System.Buffers;
using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;

namespace RedisInfer.KvBlocks.InRedis;

/// <summary>
/// Keeps KV blocks in a Redis-compatible server, shared by all processes of the corpus. Has a separate connection and bounded buffers, so
/// that transfers of megabytes do not delay searches. Thread-safe.
/// </summary>
internal sealed class RedisKvBlockStore : IKvBlockStore
{
    // Most unused buffers to keep: enough for the blocks that are being received, restored or saved.
    private const int MaxFreeBuffers = 16;

    /// <summary>States that may be on their way to Redis at once.</summary>
    private const int DefaultSaveBuffers = 8;

    // Buffers to allocate before the first question: enough for what is received while one block is restored.
    private const int ReadyBuffers = 4;

    // A reply is received along with some bytes of the protocol.
    private const int ProtocolBytes = 256;

    private readonly KvBlockSize _size;
    private readonly PinnedBufferPool _pool;
    private readonly KvConnection _connection;
    private readonly KvBlockReader _reader;
    private readonly KvSaveQueue _queue;
    private readonly KvBlockWriter _writer;

    /// <summary>Creates a store. It connects at the first use.</summary>
    /// <param name="connection">The server of the corpus. Not disposed of.</param>
    /// <param name="corpus">The corpus.</param>
    /// <param name="size">The size of blocks.</param>
    /// <param name="loader">Loads blocks into memory.</param>
    /// <param name="options">How long blocks are kept, and up to what total size.</param>
    /// <param name="meter">The meter that counts blocks. Not disposed of.</param>
    /// <param name="logger">Gets warnings about damaged blocks and failures.</param>
    /// <param name="time">The clock.</param>
    /// <param name="maxSaveBuffers">States that may be on their way to Redis at once.</param>
    public RedisKvBlockStore(
        IRedisConnectionSource connection,
        string corpus,
        KvBlockSize size,
        IContextLoader loader,
        KvCacheOptions options,
        Meter meter,
        ILogger logger,
        TimeProvider time,
        int maxSaveBuffers = DefaultSaveBuffers)
    {
        var keys = new CorpusKeys(corpus);
        _size = size;
        Metrics = new KvMetrics(meter);
        _pool = new PinnedBufferPool(size.StateBytes + KvEnvelope.OverheadBytes + ProtocolBytes, MaxFreeBuffers);
        _connection = new KvConnection(connection.OpenCache(_pool), time, logger);
        _reader = new KvBlockReader(_connection, keys, size, loader, Metrics, logger);
        _queue = new KvSaveQueue(() => _pool.Rent(_pool.BufferBytes), size.StateBytes, maxSaveBuffers, Metrics, logger, time);
        _writer = new KvBlockWriter(_connection, keys, options, _queue, Metrics, time);
    }

    /// <inheritdoc/>
    public TimeSpan Pause => _queue.Pause.Rest;

    /// <summary>The outcomes of blocks so far.</summary>
    public KvMetrics Metrics { get; }

    /// <inheritdoc/>
    public async Task WarmUpAsync(KvIdentity identity, CancellationToken cancellationToken)
    {
        _pool.Prepare(ReadyBuffers);
        var nobodys = new KvBlock(identity.Branch(identity.Root, "warm-up"), 0, 1);
        using (IMemoryOwner<byte> buffer = _pool.Rent(_pool.BufferBytes))
        {
            Memory<byte> record = buffer.Memory[..(_size.StateBytes + KvEnvelope.OverheadBytes)];
            KvEnvelope.Seal(identity, nobodys, record.Span);
            KvEnvelope.Check(identity, nobodys, record.Span);
        }

        await _reader.ReadNewestAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<int> CountStoredAsync(KvChain chain, int first, CancellationToken cancellationToken) =>
        _reader.CountStoredAsync(chain, first, cancellationToken);

    /// <inheritdoc/>
    public async IAsyncEnumerable<LoadedKvBlock> LoadAsync(
        KvChain chain, int first, int count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var used = new List<(KvBlock Block, int RecordBytes)>();
        try
        {
            await foreach (LoadedKvBlock loaded in _reader.LoadAsync(chain, first, count, cancellationToken).ConfigureAwait(false))
            {
                used.Add((loaded.Block, loaded.RecordBytes));
                yield return loaded;
            }
        }
        finally
        {
            _writer.Touch(used);
        }
    }

    /// <inheritdoc/>
    public KvBuffer? TryRent() => _queue.TryRent();

    /// <inheritdoc/>
    public void Save(KvChain chain, int index, KvBuffer buffer, int stateBytes) =>
        _writer.Save(chain.Identity, chain.Blocks[index], buffer, stateBytes);

    /// <summary>Writes queued blocks for a limited time, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        await _queue.DisposeAsync().ConfigureAwait(false);
        await _connection.DisposeAsync().ConfigureAwait(false);
    }
}
