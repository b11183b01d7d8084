using System.Buffers;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RedisInfer.Threads;

namespace RedisInfer.KvBlocks;

/// <summary>
/// What a store does in the background: one thing at a time, in order. Has the buffers for states on their way to the store. Callers never
/// wait: if no buffer or no place in the queue is free, a block is not stored. Thread-safe.
/// </summary>
internal sealed partial class KvSaveQueue : IAsyncDisposable
{
    private const int MaxQueuedNotes = 64;

    // How long disposal may wait for states that are still to be written.
    private static readonly TimeSpan DrainLimit = TimeSpan.FromSeconds(5);

    private readonly Func<IMemoryOwner<byte>> _rentMemory;
    private readonly int _stateBytes;
    private readonly int _maxBuffers;
    private readonly KvMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Channel<Func<Task>> _work;
    private readonly Task _worker;
    private int _buffersInUse;

    /// <summary>Starts the background work.</summary>
    /// <param name="rentMemory">Gives memory for one record.</param>
    /// <param name="stateBytes">Most bytes of a state.</param>
    /// <param name="maxBuffers">States that may be on their way to the store at once.</param>
    /// <param name="metrics">Counts blocks that are not stored.</param>
    /// <param name="logger">Gets a warning if states are lost at the end.</param>
    /// <param name="time">The clock.</param>
    public KvSaveQueue(
        Func<IMemoryOwner<byte>> rentMemory, int stateBytes, int maxBuffers, KvMetrics metrics, ILogger logger, TimeProvider time)
    {
        _rentMemory = rentMemory;
        _stateBytes = stateBytes;
        _maxBuffers = maxBuffers;
        _metrics = metrics;
        _logger = logger;
        _time = time;
        Pause = new KvPause(time);
        _work = Channel.CreateBounded<Func<Task>>(new BoundedChannelOptions(maxBuffers + MaxQueuedNotes) { SingleReader = true });
        _worker = Task.Run(RunAsync);
    }

    /// <summary>While it is on, no buffer is given, because the store has just refused a block.</summary>
    public KvPause Pause { get; }

    /// <summary>Gives a buffer to save a state into.</summary>
    /// <returns>
    /// The buffer; <see langword="null"/> if all are in use, or the store has just refused a block: try again later, or do without.
    /// </returns>
    public KvBuffer? TryRent()
    {
        if (Pause.IsOn)
            return null;
        if (Interlocked.Increment(ref _buffersInUse) > _maxBuffers)
        {
            Interlocked.Decrement(ref _buffersInUse);
            return null;
        }

        return new KvBuffer(_rentMemory(), _stateBytes, () => Interlocked.Decrement(ref _buffersInUse));
    }

    /// <summary>Queues the storing of a block; returns at once.</summary>
    /// <param name="buffer">Holds its state. Dropped if the queue is full.</param>
    /// <param name="save">Stores it and gives the buffer back. Handles its exceptions.</param>
    public void Save(KvBuffer buffer, Func<Task> save)
    {
        if (!_work.Writer.TryWrite(save))
            Drop(buffer);
    }

    /// <summary>Queues a note about stored blocks, which may be left out; returns at once.</summary>
    /// <param name="note">Makes the note. Handles its exceptions.</param>
    public void Note(Func<Task> note) => _work.Writer.TryWrite(note);

    /// <summary>Gives back a buffer whose state is not stored.</summary>
    public void Drop(KvBuffer buffer)
    {
        buffer.Dispose();
        _metrics.Count(KvOutcome.Dropped);
    }

    /// <summary>Works on what is queued for a limited time, and ends.</summary>
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

    [LoggerMessage(EventId = 520, Level = LogLevel.Warning, Message = "{Count} KV blocks could not be stored before the end and are lost.")]
    private partial void LogNotDrained(int count);
}
