using System.Threading.Channels;
using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>
/// Runs all requests on one context. One thread owns the context, from its creation to its disposal, because llama.cpp
/// contexts are not thread-safe; requests reach it through a bounded queue, first come, first served. Each step decodes one
/// token of every sequence that is generating, together with as much of the waiting prompts as the batch has room for.
/// A request is admitted when the KV cells it can reach are free, so the cache never overflows.
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

    // Owned by the loop's thread.
    private readonly List<Sequence> _running = [];
    private readonly Stack<int> _freeIds = new();
    private readonly TokenBatch _batch;
    private int _freeCells;

    // The step under way, for whoever cancels a sequence in it.
    private readonly Lock _stepLock = new();
    private CancellationTokenSource _step = new();

    private DecodeLoop(IInferenceModel model, DecodeLoopOptions options, ILogger logger, TimeProvider time)
    {
        _model = model;
        _options = options;
        _logger = logger;
        _time = time;
        _batch = new TokenBatch(options.Context.BatchSize);
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

        _freeCells = context.ContextSize;
        for (int id = context.MaxSequences - 1; id >= 0; id--)
        {
            _freeIds.Push(id);
        }

        _started.SetResult();
        try
        {
            while (!_shutdown.IsCancellationRequested)
            {
                if (!Step(context))
                {
                    _wake.WaitOne();
                }
            }

            FailAll(context, Disposed());
        }
        catch (Exception e)
        {
            LogLoopFailed(e);
            var error = new RedisInferException(
                RedisInferErrorCode.DecodeFailed, $"The decode loop has stopped: {e.Message} Make a new runtime.", e);
            _queue.Writer.TryComplete(error);
            FailAll(context, error);
        }
        finally
        {
            context.Dispose();
            _ended.SetResult();
        }
    }

    /// <summary>One step: admit, decode, sample.</summary>
    /// <returns>Whether there was anything to do.</returns>
    private bool Step(IInferenceContext context)
    {
        ReleaseCancelled(context);
        Admit();
        FillBatch();
        if (_batch.Count == 0)
        {
            return false;
        }

        DecodeResult result;
        try
        {
            result = context.Decode(_batch, BeginStep());
        }
        catch (RedisInferException e)
        {
            LogStepFailed(e, _batch.Count);
            EndFailedStep(context, e);
            return true;
        }

        switch (result)
        {
            case DecodeResult.Done:
                TakeResults(context);
                break;
            case DecodeResult.Aborted:
                Rewind(context);
                break;
            case DecodeResult.KvCacheFull:
                EndFailedStep(context, new RedisInferException(
                    RedisInferErrorCode.DecodeFailed,
                    $"The KV cache of {context.ContextSize} cells is full although every request had its cells reserved."));
                break;
        }

        return true;
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

    private void Admit()
    {
        while (_freeIds.Count > 0 && _queue.Reader.TryPeek(out Sequence? next))
        {
            if (!next.Cancelled && next.ReservedCells > _freeCells)
            {
                return; // first come, first served: nobody overtakes the one at the head
            }

            _queue.Reader.TryRead(out _);
            if (next.Cancelled)
            {
                next.Stream.Fail(new OperationCanceledException());
                continue;
            }

            next.Sampler = _model.CreateSampler(next.Request.Sampling);
            next.Id = _freeIds.Pop();
            next.AdmittedTimestamp = _time.GetTimestamp();
            _freeCells -= next.ReservedCells;
            _running.Add(next);
        }
    }

    /// <summary>First the tokens of those who are generating, so that no prompt delays them by more than one slice.</summary>
    private void FillBatch()
    {
        _batch.Clear();
        foreach (Sequence sequence in _running)
        {
            sequence.RowCount = 0;
            sequence.OutputRow = -1;
            if (!sequence.InPrefill && sequence.Stream.HasRoom && _batch.Count < _batch.Capacity)
            {
                sequence.OutputRow = _batch.Add(sequence.LastToken, sequence.CachedCount, sequence.Id, output: true);
                sequence.RowCount = 1;
            }
        }

        foreach (Sequence sequence in _running)
        {
            if (!sequence.InPrefill)
            {
                continue;
            }

            int[] prompt = sequence.Request.Prompt;
            int slice = Math.Min(prompt.Length - sequence.CachedCount, _batch.Capacity - _batch.Count);
            for (int i = 0; i < slice; i++)
            {
                int position = sequence.CachedCount + i;
                bool last = position == prompt.Length - 1;
                int row = _batch.Add(prompt[position], position, sequence.Id, last);
                if (last)
                {
                    sequence.OutputRow = row;
                }
            }

            sequence.RowCount = slice;
        }
    }

    private void TakeResults(IInferenceContext context)
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            Sequence sequence = _running[i];
            sequence.CachedCount += sequence.RowCount;
            sequence.RowCount = 0;
            if (sequence.OutputRow >= 0 && !sequence.Cancelled)
            {
                TakeToken(context, sequence);
            }
        }
    }

    private void TakeToken(IInferenceContext context, Sequence sequence)
    {
        int token = context.Sample(sequence.Sampler!, sequence.OutputRow);
        sequence.LastToken = token;
        sequence.GeneratedCount++;
        if (sequence.GeneratedCount == 1)
        {
            sequence.FirstTokenTimestamp = _time.GetTimestamp();
        }

        bool ended = _model.Tokenizer.IsEndOfGeneration(token);
        if (!ended)
        {
            sequence.Stream.Write(sequence.Text.Append(_model.Tokenizer.GetBytes(token)));
        }

        bool stopped = ended || sequence.Text.Stopped;
        if (stopped || sequence.GeneratedCount == sequence.Request.MaxOutputTokens)
        {
            Finish(context, sequence, stopped);
        }
    }

    private void Finish(IInferenceContext context, Sequence sequence, bool stopped)
    {
        Release(context, sequence);
        sequence.Stream.Complete(sequence.Text.Finish(), new GenerationResult
        {
            Stopped = stopped,
            GeneratedTokens = sequence.GeneratedCount,
            Queue = _time.GetElapsedTime(sequence.EnqueuedTimestamp, sequence.AdmittedTimestamp),
            Prefill = _time.GetElapsedTime(sequence.AdmittedTimestamp, sequence.FirstTokenTimestamp),
            Decode = _time.GetElapsedTime(sequence.FirstTokenTimestamp, _time.GetTimestamp()),
            FirstTokenTimestamp = sequence.FirstTokenTimestamp,
        });
    }

    /// <summary>After an abort: what the step wrote goes, and everyone takes the step again.</summary>
    private void Rewind(IInferenceContext context)
    {
        foreach (Sequence sequence in _running)
        {
            if (sequence.RowCount > 0)
            {
                context.RemoveSequence(sequence.Id, sequence.CachedCount);
                sequence.RowCount = 0;
            }
        }
    }

    private void EndFailedStep(IInferenceContext context, Exception error)
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].RowCount > 0)
            {
                End(context, _running[i], error);
            }
        }
    }

    private void ReleaseCancelled(IInferenceContext context)
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            if (_running[i].Cancelled)
            {
                End(context, _running[i], new OperationCanceledException());
            }
        }
    }

    private void FailAll(IInferenceContext context, Exception error)
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            End(context, _running[i], error);
        }

        while (_queue.Reader.TryRead(out Sequence? waiting))
        {
            waiting.Stream.Fail(error);
        }
    }

    private void End(IInferenceContext context, Sequence sequence, Exception error)
    {
        Release(context, sequence);
        sequence.Stream.Fail(error);
    }

    private void Release(IInferenceContext context, Sequence sequence)
    {
        context.RemoveSequence(sequence.Id);
        _running.Remove(sequence);
        _freeIds.Push(sequence.Id);
        _freeCells += sequence.ReservedCells;
        sequence.Sampler?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of {TokenCount} tokens could not be decoded; its requests fail.")]
    private partial void LogStepFailed(Exception error, int tokenCount);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The decode loop has stopped.")]
    private partial void LogLoopFailed(Exception error);
}
