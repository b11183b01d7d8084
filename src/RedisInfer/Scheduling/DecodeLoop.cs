using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>
/// Runs all requests on one context. One thread owns the context, from its creation to its disposal, because llama.cpp contexts are not
/// thread-safe. Requests reach the thread through a bounded queue.
/// </summary>
internal sealed partial class DecodeLoop : IAsyncDisposable
{
    // Timers count milliseconds: a shorter time would be none, and the loop would spin.
    private static readonly TimeSpan ShortestSleep = TimeSpan.FromMilliseconds(1);

    private readonly IInferenceModel _model;
    private readonly DecodeLoopOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly QueuePlaces _places;
    private readonly Channel<Sequence> _inbox;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly ITimer _alarm;
    private readonly CancellationTokenSource _shutdown = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The step that is being computed. Canceling one of its sequences may abort it.
    private readonly Lock _stepLock = new();
    private CancellationTokenSource _step = new();
    private Scheduler? _scheduler;
    private volatile Exception? _failure;

    private DecodeLoop(IInferenceModel model, DecodeLoopOptions options, SchedulerMetrics metrics, ILogger logger, TimeProvider time)
    {
        _model = model;
        _options = options;
        Metrics = metrics;
        _logger = logger;
        _time = time;
        _places = new QueuePlaces(options.QueueCapacity, options.FullQueue, options.QueueTimeout, metrics, time);
        metrics.ObserveQueue(() => _places.Count);

        _alarm = time.CreateTimer(_ => WakeUp(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        // Every request in it holds a place in the queue, which only the loop gives back. So there is always room.
        _inbox = Channel.CreateBounded<Sequence>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
    }

    /// <summary>
    /// Whether an unexpected exception has ended the loop. It then refuses all requests: dispose of it and start another.
    /// </summary>
    public bool HasFailed => _failure is not null;

    /// <summary>The measurements of the loop.</summary>
    public SchedulerMetrics Metrics { get; }

    /// <summary>Starts a loop, and creates its context on the loop's thread.</summary>
    /// <exception cref="RedisInferException">The context cannot be created.</exception>
    public static async Task<DecodeLoop> StartAsync(
        IInferenceModel model, DecodeLoopOptions options, SchedulerMetrics metrics, ILogger logger, TimeProvider time)
    {
        var loop = new DecodeLoop(model, options, metrics, logger, time);
        new Thread(loop.Run) { IsBackground = true, Name = "RedisInfer decode" }.Start();
        await loop._started.Task.ConfigureAwait(false);
        return loop;
    }

    /// <summary>Takes a place in the queue. <see cref="DecodeLoopOptions.FullQueue"/> decides what happens if none is free.</summary>
    /// <param name="caller">The caller that sends the request; callers take turns.</param>
    /// <param name="priority">Requests that the caller's turn may serve if it starts with this request; at least 1.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The place, to be disposed of.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.QueueFull"/>.</exception>
    public ValueTask<QueuePlace> EnterAsync(string caller, int priority, CancellationToken cancellationToken) =>
        _places.EnterAsync(caller, priority, cancellationToken);

    /// <summary>Hands a request to the loop.</summary>
    /// <param name="request">The request. Its prompt and its longest answer must fit into a sequence together.</param>
    /// <param name="place">
    /// Its place in the queue. The loop gives it back when the request starts to run, or when it ends. Disposal by the caller does nothing
    /// from now on.
    /// </param>
    /// <param name="cancellationToken">Cancels the request, while it waits and while it runs.</param>
    /// <returns>The stream of its text.</returns>
    public CompletionStream Submit(CompletionRequest request, QueuePlace place, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(request.Prompt.Length);
        ArgumentOutOfRangeException.ThrowIfNegative(request.MaxOutputTokens);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(
            request.Prompt.Length + request.MaxOutputTokens, _model.GetMaxSequenceLength(_options.Context));
        var stream = new CompletionStream(WakeUp);
        var sequence = new Sequence(request, stream, place, _time.GetTimestamp());
        CancellationTokenRegistration registration = cancellationToken.Register(() => Cancel(sequence));
        _ = stream.Result.ContinueWith(_ => registration.Dispose(), TaskScheduler.Default);
        place.Submit();
        if (!_inbox.Writer.TryWrite(sequence))
        {
            Exception error = WhyEnded();
            stream.Fail(error);
            place.Release();
            throw error;
        }

        WakeUp();
        return stream;
    }

    /// <summary>
    /// Shuts the loop down:
    /// <list type="number">
    /// <item>Refuses new requests.</item>
    /// <item>Lets the others continue for at most <see cref="DecodeLoopOptions.ShutdownTimeout"/>.</item>
    /// <item>Aborts the requests that are left.</item>
    /// <item>Frees the context, and waits until the thread has done so.</item>
    /// </list>
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        _places.Close(WhyEnded);
        _inbox.Writer.TryComplete();
        WakeUp();
        try
        {
            await _ended.Task.WaitAsync(_options.ShutdownTimeout, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            await _shutdown.CancelAsync().ConfigureAwait(false);
            AbortStep();
            WakeUp();
        }

        await _ended.Task.ConfigureAwait(false);
    }

    private Exception WhyEnded() => _failure is { } failure
        ? new RedisInferException(
            RedisInferErrorCode.DecodeFailed,
            $"The decode loop has stopped: {failure.Message} Ask again: the next request starts another loop.",
            failure)
        : new ObjectDisposedException(nameof(DecodeLoop), "The runtime was disposed of before the request ended.");

    private void Cancel(Sequence sequence)
    {
        sequence.Cancel();
        if (Volatile.Read(ref _scheduler) is { } scheduler && scheduler.IsWorthAborting(sequence))
        {
            AbortStep(); // A slice of its prompt is being prefilled: do not compute it to the end.
        }

        WakeUp();
    }

    private void WakeUp() => _wake.Set();

    /// <summary>Waits until another thread has work for the loop, or until a time has passed.</summary>
    private void Sleep(TimeSpan? longest)
    {
        TimeSpan due = longest is not { } time ? Timeout.InfiniteTimeSpan : time < ShortestSleep ? ShortestSleep : time;
        _alarm.Change(due, Timeout.InfiniteTimeSpan);
        _wake.WaitOne();
    }

    private void AbortStep()
    {
        lock (_stepLock)
        {
            _step.Cancel();
        }
    }

    private void Run()
    {
        try
        {
            _scheduler = new Scheduler(_model, _options, Metrics, _logger, _time, WakeUp);
        }
        catch (Exception e)
        {
            _alarm.Dispose();
            _started.SetException(e);
            _ended.SetResult();
            return;
        }

        _started.SetResult();
        try
        {
            while (!_shutdown.IsCancellationRequested && !HasEnded(_scheduler))
            {
                // The step begins before its batch is laid out: from here on a cancellation can abort it, so that none is missed.
                CancellationToken abort = BeginStep();
                TakeNewcomers(_scheduler.Add);
                if (_scheduler.Prepare())
                {
                    _scheduler.Step(abort);
                }

                if (!_scheduler.SaveBlocks() && !_scheduler.HasWork && !HasEnded(_scheduler))
                {
                    Sleep(_scheduler.NextDue);
                }
            }

            EndAll(_scheduler);
        }
        catch (Exception e)
        {
            // A caller that gets the error may ask again at once, and must then find that the loop has failed.
            _failure = e;
            _places.Close(WhyEnded);
            _inbox.Writer.TryComplete();
            EndAll(_scheduler);
            LogLoopFailed(e);
        }
        finally
        {
            _alarm.Dispose();
            _scheduler.Dispose();
            _ended.SetResult();
        }
    }

    // A store that refuses blocks does not delay the end: the blocks only save time.
    private bool HasEnded(Scheduler scheduler) =>
        _inbox.Reader.Completion.IsCompleted && scheduler is { IsIdle: true, CanSaveBlocks: false };

    private void EndAll(Scheduler scheduler)
    {
        TakeNewcomers(scheduler.Add);
        scheduler.EndAll(WhyEnded());
    }

    private void TakeNewcomers(Action<Sequence> add)
    {
        while (_inbox.Reader.TryRead(out Sequence? sequence))
        {
            add(sequence);
        }
    }

    private CancellationToken BeginStep()
    {
        lock (_stepLock)
        {
            if (_step.IsCancellationRequested)
            {
                _step.Dispose();
                _step = new CancellationTokenSource();
            }

            if (_shutdown.IsCancellationRequested)
            {
                _step.Cancel();
            }

            return _step.Token;
        }
    }

    [LoggerMessage(EventId = 400, Level = LogLevel.Critical, Message = "The decode loop has stopped.")]
    private partial void LogLoopFailed(Exception error);
}
