using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>
/// Runs all requests on one context. One thread owns the context, from its creation to its disposal, because llama.cpp
/// contexts are not thread-safe; requests reach it through a bounded queue, first come, first served.
/// </summary>
internal sealed partial class DecodeLoop : IAsyncDisposable
{
    private readonly IInferenceModel _model;
    private readonly DecodeLoopOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Channel<Sequence> _queue;
    private readonly AutoResetEvent _wake = new(initialState: false);
    private readonly CancellationTokenSource _shutdown = new();
    private readonly TaskCompletionSource _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    // The step under way, for whoever cancels a sequence in it.
    private readonly Lock _stepLock = new();
    private CancellationTokenSource _step = new();

    private DecodeLoop(IInferenceModel model, DecodeLoopOptions options, ILogger logger, TimeProvider time)
    {
        _model = model;
        _options = options;
        _logger = logger;
        _time = time;
        _queue = Channel.CreateBounded<Sequence>(new BoundedChannelOptions(options.QueueCapacity) { SingleReader = true });
    }

    /// <summary>Creates the context on the loop's own thread and starts.</summary>
    /// <exception cref="RedisInferException">The context cannot be created.</exception>
    public static async Task<DecodeLoop> StartAsync(
        IInferenceModel model, DecodeLoopOptions options, ILogger logger, TimeProvider time)
    {
        var loop = new DecodeLoop(model, options, logger, time);
        new Thread(loop.Run) { IsBackground = true, Name = "RedisInfer decode" }.Start();
        await loop._started.Task.ConfigureAwait(false);
        return loop;
    }

    /// <summary>Queues a request.</summary>
    /// <param name="request">The request; prompt and output fit into the context together.</param>
    /// <param name="cancellationToken">Cancels the request, now and while it runs.</param>
    /// <returns>Where its text comes out.</returns>
    /// <exception cref="RedisInferException"><see cref="RedisInferErrorCode.QueueFull"/>, where the host chose so.</exception>
    public async Task<GenerationStream> SubmitAsync(GenerationRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfZero(request.Prompt.Length);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(request.MaxOutputTokens);
        var stream = new GenerationStream(() => _wake.Set());
        var sequence = new Sequence(request, stream, _time.GetTimestamp());
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sequence.ReservedCells, _options.Context.ContextSize);

        CancellationTokenRegistration registration = cancellationToken.Register(() => Cancel(sequence));
        _ = stream.Result.ContinueWith(_ => registration.Dispose(), TaskScheduler.Default);
        try
        {
            await EnqueueAsync(sequence, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e)
        {
            stream.Fail(e);
            throw;
        }

        _wake.Set();
        return stream;
    }

    /// <summary>Refuses new requests, ends those there are, joins the thread and frees the context.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_queue.Writer.TryComplete())
        {
            await _shutdown.CancelAsync().ConfigureAwait(false);
            AbortStep();
            _wake.Set();
        }

        await _ended.Task.ConfigureAwait(false);
    }

    private static ObjectDisposedException Disposed() =>
        new(nameof(DecodeLoop), "The runtime was disposed of before the request had ended.");

    private async ValueTask EnqueueAsync(Sequence sequence, CancellationToken cancellationToken)
    {
        if (_queue.Writer.TryWrite(sequence))
        {
            return;
        }

        ObjectDisposedException.ThrowIf(_shutdown.IsCancellationRequested, this);
        if (_options.FullQueue == FullQueueBehavior.Refuse)
        {
            throw new RedisInferException(
                RedisInferErrorCode.QueueFull,
                $"{_options.QueueCapacity} requests are waiting already. Try again later, or raise QueueCapacity.");
        }

        try
        {
            await _queue.Writer.WriteAsync(sequence, cancellationToken).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw e.InnerException ?? Disposed();
        }
    }

    private void Cancel(Sequence sequence)
    {
        sequence.Cancel();
        if (sequence.RowCount > 1)
        {
            AbortStep(); // a slice of its prompt is being read: do not let it run on
        }

        _wake.Set();
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
        IInferenceContext context;
        try
        {
            context = _model.CreateContext(_options.Context);
        }
        catch (Exception e)
        {
            _started.SetException(e);
            _ended.SetResult();
            return;
        }

        _started.SetResult();
        var running = new RunningSequences(_model, context, _logger, _time);
        try
        {
            while (!_shutdown.IsCancellationRequested)
            {
                running.ReleaseCancelled();
                Admit(running);
                if (running.FillBatch())
                {
                    running.Step(BeginStep());
                }
                else
                {
                    _wake.WaitOne();
                }
            }

            FailAll(running, Disposed());
        }
        catch (Exception e)
        {
            LogLoopFailed(e);
            var error = new RedisInferException(
                RedisInferErrorCode.DecodeFailed, $"The decode loop has stopped: {e.Message} Make a new runtime.", e);
            _queue.Writer.TryComplete(error);
            FailAll(running, error);
        }
        finally
        {
            context.Dispose();
            _ended.SetResult();
        }
    }

    private void Admit(RunningSequences running)
    {
        while (_queue.Reader.TryPeek(out Sequence? next))
        {
            if (!next.Cancelled && !running.CanAdmit(next))
            {
                return; // first come, first served: nobody overtakes the one at the head
            }

            _queue.Reader.TryRead(out _);
            if (next.Cancelled)
            {
                next.Stream.Fail(new OperationCanceledException());
            }
            else
            {
                running.Admit(next);
            }
        }
    }

    private void FailAll(RunningSequences running, Exception error)
    {
        running.FailAll(error);
        while (_queue.Reader.TryRead(out Sequence? waiting))
        {
            waiting.Stream.Fail(error);
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

    [LoggerMessage(Level = LogLevel.Critical, Message = "The decode loop has stopped.")]
    private partial void LogLoopFailed(Exception error);
}
