using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RedisInfer.Corpus.Records;
using RedisInfer.Redis;
using RedisInfer.Threads;
using StackExchange.Redis;

namespace RedisInfer.KvBlocks.InRedis;

/// <summary>
/// Stores blocks in the background, keeps those that are used from expiring, and removes the least recently used. Callers never wait: if no
/// buffer or no place in the queue is free, a block is not stored. Thread-safe.
/// </summary>
internal sealed partial class KvBlockWriter : IAsyncDisposable
{
    private const int MaxQueuedNotes = 64;

    // How long disposal may wait for states that are still to be written.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private readonly KvConnection _connection;
    private readonly CorpusKeys _keys;
    private readonly KvBlockSize _size;
    private readonly PinnedBufferPool _pool;
    private readonly KvCacheOptions _settings;
    private readonly int _maxSaveBuffers;
    private readonly KvMetrics _metrics;
    private readonly KvIndex _index;
    private readonly KvPause _pause;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Channel<Func<Task>> _work;
    private readonly Task _worker;
    private int _buffersInUse;

    public KvBlockWriter(
        KvConnection connection,
        CorpusKeys keys,
        KvBlockSize size,
        PinnedBufferPool pool,
        KvCacheOptions settings,
        int maxSaveBuffers,
        KvMetrics metrics,
        ILogger logger,
        TimeProvider time)
    {
        _connection = connection;
        _keys = keys;
        _size = size;
        _pool = pool;
        _settings = settings;
        _maxSaveBuffers = maxSaveBuffers;
        _metrics = metrics;
        _logger = logger;
        _time = time;
        _pause = new KvPause(time);
        _index = new KvIndex(keys, settings, time);
        _work = Channel.CreateBounded<Func<Task>>(new BoundedChannelOptions(maxSaveBuffers + MaxQueuedNotes) { SingleReader = true });
        _worker = Task.Run(RunAsync);
    }

    /// <summary>How long no buffer is given, because Redis has just refused a block; zero if one may be.</summary>
    public TimeSpan Pause => _pause.Rest;

    /// <summary>Gives a buffer to save a state into.</summary>
    /// <returns>
    /// The buffer; <see langword="null"/> if all are in use, or Redis has just refused a block: try again later, or do without.
    /// </returns>
    public KvBuffer? TryRent()
    {
        if (_pause.IsOn)
            return null;
        if (Interlocked.Increment(ref _buffersInUse) > _maxSaveBuffers)
        {
            Interlocked.Decrement(ref _buffersInUse);
            return null;
        }

        return new KvBuffer(_pool.Rent(_pool.BufferBytes), _size.StateBytes, () => Interlocked.Decrement(ref _buffersInUse));
    }

    /// <summary>Stores a block; returns at once.</summary>
    /// <param name="identity">The identity of the block.</param>
    /// <param name="block">The block.</param>
    /// <param name="buffer">Holds its state. The writer owns it from now on.</param>
    /// <param name="stateBytes">Length of the state.</param>
    public void Save(KvIdentity identity, KvBlock block, KvBuffer buffer, int stateBytes)
    {
        if (!_work.Writer.TryWrite(() => SaveAsync(identity, block, buffer, stateBytes)))
            Drop(buffer);
    }

    /// <summary>Notes that blocks were used, so that they are kept longer than others; returns at once.</summary>
    /// <param name="used">The blocks with the lengths of their records, in the order of their chain.</param>
    public void Touch(IReadOnlyList<(KvBlock Block, int RecordBytes)> used)
    {
        if (used.Count > 0)
            _work.Writer.TryWrite(() => TouchAsync(used));
    }

    /// <summary>Writes queued blocks for a limited time, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _work.Writer.TryComplete();
        try
        {
            await _worker.WaitAsync(DrainLimit, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            LogNotDrained(_work.Reader.Count);
        }
    }

    // Work handles all its exceptions: no caller is left to handle them, and the work that follows must still be done.
    private async Task RunAsync()
    {
        while (await _work.Reader.WaitToReadAsync().OnOwnThread())
        {
            while (_work.Reader.TryRead(out Func<Task>? work))
            {
                await work().ConfigureAwait(false);
            }
        }
    }

    private async Task SaveAsync(KvIdentity identity, KvBlock block, KvBuffer buffer, int stateBytes)
    {
        try
        {
            if (_pause.IsOn || await _connection.TryConnectAsync(CancellationToken.None).ConfigureAwait(false) is not { } database)
            {
                Drop(buffer);
                return;
            }

            Memory<byte> record = buffer.Record(stateBytes);
            KvEnvelope.Seal(identity, block, record.Span);
            await database.StringSetAsync(_keys.KvBlock(block.Key.ToString()), record, _settings.TimeToLive).ConfigureAwait(false);
            buffer.Dispose();
            await _index.AddAsync(database, block, record.Length).ConfigureAwait(false);
            _metrics.Count(KvOutcome.Saved, record.Length);
        }
        catch (RedisServerException e)
        {
            _connection.Failed(_pause, e, "storing KV blocks");
            Drop(buffer);
        }
        catch (Exception e)
        {
            _connection.Failed(e, "storing KV blocks");
            buffer.Abandon();
            _metrics.Count(KvOutcome.Dropped);
        }
    }

    private async Task TouchAsync(IReadOnlyList<(KvBlock Block, int RecordBytes)> used)
    {
        try
        {
            if (await _connection.TryConnectAsync(CancellationToken.None).ConfigureAwait(false) is { } database)
                await _index.TouchAsync(database, used).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            _connection.Failed(e, "marking KV blocks as used");
        }
    }

    private void Drop(KvBuffer buffer)
    {
        buffer.Dispose();
        _metrics.Count(KvOutcome.Dropped);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Count} KV blocks could not be stored before the end and are lost.")]
    private partial void LogNotDrained(int count);
}
