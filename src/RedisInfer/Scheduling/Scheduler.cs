using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.Reuse;
using RedisInfer.Scheduling.Drafts;

namespace RedisInfer.Scheduling;

/// <summary>
/// Decides which requests run, and advances them step by step. A step decodes for generating sequences, or prefills a slice of the first
/// prompt. A request is admitted when all KV cells it can need are free, so the cache never
/// overflows. Until then it waits, and no other request overtakes it. Used by the decode thread alone.
/// </summary>
internal sealed partial class Scheduler : IDisposable
{
    private readonly IInferenceModel _model;
    private readonly DecodeLoopOptions _options;
    private readonly SchedulerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly KvCells _cells;
    private readonly KvBlockPool _pool;
    private readonly PrefixReuse _reuse;
    private readonly PassageGatherer _gatherer;
    private readonly FairLine<Sequence> _waiting = new();
    private readonly List<Sequence> _running = [];
    private readonly StepBatch _batch;
    private readonly bool _canRewind;
    private readonly ReaderTimeouts _readers;
    private readonly TokenChooser _chooser;

    // What was learned about the tokens that sequences propose.
    private readonly DraftOdds _odds = new();

    // Requests of the last step for which no token could be chosen.
    private readonly List<(Sequence Sequence, RedisInferException Error)> _failed = [];

    /// <summary>Creates the context.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">The options of the loop.</param>
    /// <param name="metrics">Gets the measurements.</param>
    /// <param name="logger">Gets failures.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wake">Called, from any thread, when new work has come up since the last <see cref="Prepare"/>.</param>
    /// <exception cref="RedisInferException">The context cannot be created.</exception>
    public Scheduler(
        IInferenceModel model, DecodeLoopOptions options, SchedulerMetrics metrics, ILogger logger, TimeProvider time, Action wake)
    {
        _model = model;
        _options = options;
        _metrics = metrics;
        _logger = logger;
        _time = time;
        _cells = new KvCells(model, options.Context);
        _pool = new KvBlockPool(options.PoolBytes);
        _reuse = new PrefixReuse(_cells, _pool, options.Stores, MaxStateBytes, wake, logger);
        _gatherer = new PassageGatherer(_cells, _reuse, MaxStateBytes, logger);
        _canRewind = Context.CanSplitSequences;
        _readers = new ReaderTimeouts(options.ReaderTimeout, time);
        _chooser = new TokenChooser(model.Tokenizer, time);
        _batch = new StepBatch(Context.BatchSize, options.PrefillSliceSize, options.Context.MaxSequences);
        ReportStanding();
    }

    /// <summary>Whether the last batch laid out has any rows.</summary>
    public bool HasWork => _batch.Count > 0;

    /// <summary>Whether no request runs or waits.</summary>
    public bool IsIdle => _running.Count == 0 && _waiting.Count == 0;

    /// <summary>Whether there are computed blocks that are still to be stored, and the store takes blocks.</summary>
    public bool CanSaveBlocks => _reuse.CanSaveBlocks;

    /// <summary>
    /// Time until <see cref="Prepare"/> or <see cref="SaveBlocks"/> has something to do, even if nothing else happens;
    /// <see langword="null"/>: they have not.
    /// </summary>
    public TimeSpan? NextDue => _running.Select(_readers.UntilOverdue).Append(_reuse.NextSave).Min();

    private IInferenceContext Context => _cells.Context;

    /// <summary>Adds a request to those that wait.</summary>
    public void Add(Sequence sequence) => _waiting.Add(sequence.Request.Caller, sequence.Request.Priority, sequence);

    /// <summary>Ends canceled requests, admits waiting requests that fit, and lays out the next batch.</summary>
    /// <returns><see cref="HasWork"/>.</returns>
    public bool Prepare()
    {
        _waiting.RemoveWhere(sequence => sequence.Cancelled, sequence => End(sequence, new OperationCanceledException()));
        EndWhere(sequence => sequence.Cancelled, new OperationCanceledException());
        EndUnread();
        do
        {
            AdmitWaiting();
            AdvanceReuse();
        }
        while (EndRead()); // What has ended makes room for waiting requests. No step or signal may follow, so admit them now.

        _batch.Fill(_running, Context);
        ReportStanding();
        return HasWork;
    }

    /// <summary>
    /// Whether to abort the step of a sequence that was canceled: it prefills, and others lose little work. If sequences cannot be rewound,
    /// others would lose all of it.
    /// </summary>
    public bool IsWorthAborting(Sequence sequence) =>
        sequence.RowCount - sequence.DraftCount > 1 && (_canRewind ? sequence.RowCount * 2 > _batch.Count : sequence.RowCount == _batch.Count);

    /// <summary>Decodes the batch and takes its results.</summary>
    /// <param name="abort">Stops the computation. All sequences of the batch then repeat the step.</param>
    public void Step(CancellationToken abort)
    {
        _metrics.StepBegins(_batch.Count);
        Decode(abort);
        ReportStanding();
    }

    /// <summary>
    /// Ends all requests that run or wait, before the context is disposed of. Does not use the context, because a failure may have broken
    /// it.
    /// </summary>
    public void EndAll(Exception error)
    {
        foreach (Sequence sequence in _running)
        {
            _cells.Release(sequence.Cells);
            sequence.Track.StopRestoring();
            sequence.Passages?.End();
            sequence.Sampler?.Dispose();
            End(sequence, error);
        }

        _running.Clear();
        _waiting.RemoveWhere(_ => true, sequence => End(sequence, error));
        ReportStanding();
    }

    /// <summary>Hands a few computed blocks to the store, as far as it has buffers.</summary>
    /// <returns>Whether there were any.</returns>
    public bool SaveBlocks() => _reuse.SaveBlocks();

    public void Dispose()
    {
        _cells.Dispose();
        _pool.Dispose();
    }

    private long MaxStateBytes(int tokens) => _model.GetMaxStateBytes(_options.Context, tokens);

    /// <summary>Ends requests whose readers have stopped for too long, so that they do not keep their cells for ever.</summary>
    private void EndUnread()
    {
        _readers.Look(_running);
        if (_running.Exists(_readers.IsOverdue))
        {
            EndWhere(_readers.IsOverdue, _readers.Error());
        }
    }

    private void AdmitWaiting()
    {
        while (_running.Count < _options.Context.MaxSequences && _waiting.Peek() is { } next && _cells.HasRoom(next.Cells))
        {
            Admit(_waiting.Take());
        }
    }

    /// <summary>Advances the requests that look for KV states to reuse.</summary>
    private void AdvanceReuse()
    {
        foreach (Sequence sequence in _running)
        {
            sequence.Track.WaitsForReader = !sequence.Stream.HasRoom;
        }

        foreach (Sequence sequence in _running)
        {
            KvTrack track = sequence.Track;
            if (track.Reuse != ReuseState.Done && _reuse.Advance(track, mayWait: true))
            {
                track.Reused.Tokens = track.CachedCount;
            }

            if (sequence.Passages is { } gathering)
            {
                _gatherer.Advance(gathering);
            }

            if (sequence.ReusedTimestamp == 0 && sequence.Pending.Length > 0)
            {
                sequence.ReusedTimestamp = _time.GetTimestamp();
            }
        }
    }

    private void Admit(Sequence sequence)
    {
        sequence.Place.Release();
        try
        {
            sequence.Sampler = _model.CreateSampler(sequence.Request.Sampling);
        }
        catch (Exception e) when (e is RedisInferException or ArgumentException)
        {
            End(sequence, e);
            return;
        }

        int id = _cells.TakeId();
        KvTrack track = _reuse.Begin(id, Context.CanSplitSequences ? sequence.Request.Chain : null, new ReuseFigures());
        var drafts = _canRewind && _options.DraftTokens > 0 ? new TokenDrafts(_odds, _options.DraftTokens) : null;
        sequence.Admit(track, Context.CanSplitSequences, drafts);
        sequence.AdmittedTimestamp = _time.GetTimestamp();
        _cells.Reserve(sequence.Cells);
        _running.Add(sequence);
        _reuse.Add(sequence.Track);
        sequence.QueueTime = sequence.Place.Waited + _time.GetElapsedTime(sequence.SubmittedTimestamp, sequence.AdmittedTimestamp);
        _metrics.Admitted(sequence.QueueTime);
    }

    private void Decode(CancellationToken abort)
    {
        long start = _time.GetTimestamp();
        DecodeResult result;
        try
        {
            result = Context.Decode(_batch.Rows, abort);
        }
        catch (RedisInferException e)
        {
            StepFailed(e);
            return;
        }

        switch (result)
        {
            case DecodeResult.Done:
                _batch.Measured(_time.GetElapsedTime(start), _running.Count + _waiting.Count);
                TakeResults();
                break;
            case DecodeResult.Aborted:
                Rewind();
                break;
            case DecodeResult.KvCacheFull:
                StepFailed(new RedisInferException(
                    RedisInferErrorCode.DecodeFailed,
                    $"The KV cache of {Context.ContextSize} cells is full, although cells are reserved for every request."));
                break;
        }
    }

    private void TakeResults()
    {
        int prefilled = 0;
        int generated = 0;
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            Sequence sequence = _running[i];
            if (sequence.RowCount > 0)
            {
                int rows = sequence.RowCount - sequence.DraftCount;
                sequence.RowTrack!.Advance(sequence.RowTrack.CachedCount + rows);
                prefilled += sequence.OutputRow >= 0 ? rows - 1 : rows;
                generated += sequence.OutputRow >= 0 ? TakeTokens(sequence) : 0;
            }
        }

        _metrics.StepDone(prefilled, generated);
        if (_failed.Count > 0)
        {
            ComputeAgain();
        }
    }

    /// <summary>
    /// Takes the token of a sequence, and one more for each token that it proposed and that was chosen. The others are removed from the KV
    /// cache.
    /// </summary>
    /// <returns>Number of tokens taken.</returns>
    private int TakeTokens(Sequence sequence)
    {
        int taken = 0;
        TokenOutcome outcome = TokenOutcome.Continues;
        try
        {
            for (bool isNext = !sequence.Cancelled; isNext; taken++)
            {
                outcome = _chooser.Take(Context, sequence, sequence.OutputRow + taken);
                isNext = outcome == TokenOutcome.Continues && taken < sequence.DraftCount
                    && sequence.Tokens[^1] == _batch.Rows.Tokens[sequence.OutputRow + taken + 1];
                sequence.Track.Advance(sequence.Track.CachedCount + (isNext ? 1 : 0));
            }
        }
        catch (RedisInferException e)
        {
            LogSampleFailed(e);
            _failed.Add((sequence, e));
            return taken;
        }

        if (sequence.DraftCount > 0)
        {
            Context.RemoveSequence(sequence.Id, sequence.Track.CachedCount);
            sequence.Drafts!.Count(sequence.DraftCount, accepted: Math.Max(0, taken - 1));
            _metrics.Drafted(sequence.DraftCount, Math.Max(0, taken - 1));
        }

        if (outcome != TokenOutcome.Continues)
        {
            sequence.KeepAnswer();
            Release(sequence);
            Complete(sequence, outcome == TokenOutcome.Complete);
        }

        return taken;
    }

    /// <summary>
    /// Numbers that are not finite stay in cells that are freed, and spoil the next sequence that gets them. They may come from a restored
    /// state, of this request or of an earlier one. So the context is re-created, and the request is computed with nothing restored. If no
    /// token can be chosen then either, it ends.
    /// </summary>
    private void ComputeAgain()
    {
        foreach ((Sequence sequence, RedisInferException error) in _failed)
        {
            if (sequence.IsComputedAgain)
            {
                Remove(sequence, isIntact: false);
                End(sequence, error);
            }
            else
            {
                sequence.IsComputedAgain = true;
                _reuse.ComputeAgain(sequence.Track, sequence.Request.Passages);
            }
        }

        _failed.Clear();
        Rebuild();
    }

    /// <summary>Ends requests that asked only for prefill, once their prompt is in the KV cache.</summary>
    /// <returns>Whether there were any.</returns>
    private bool EndRead()
    {
        int before = _running.Count;
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            Sequence sequence = _running[i];
            if (sequence.Request.MaxOutputTokens == 0 && sequence.Track.CachedCount == sequence.Request.Prompt.Length)
            {
                sequence.FirstTokenTimestamp = _time.GetTimestamp();
                sequence.ReusedTimestamp = sequence.ReusedTimestamp == 0 ? sequence.FirstTokenTimestamp : sequence.ReusedTimestamp;
                Release(sequence);
                Complete(sequence, stopped: true);
            }
        }

        return _running.Count < before;
    }

    private void Complete(Sequence sequence, bool stopped)
    {
        CompletionResult result = sequence.ToResult(stopped, _time);
        _metrics.Answered(sequence.Request.Prompt.Length, result);
        ReportStanding(); // before its caller can ask
        sequence.CompleteText(result);
    }

    /// <summary>
    /// One sequence may make a step fail for all, so each sequence repeats the step alone. A sequence that fails again ends. What such a
    /// failure left in the KV cache is unknown, so the context is re-created, and the tokens of the other sequences are prefilled again.
    /// </summary>
    private void StepFailed(RedisInferException error)
    {
        LogStepFailed(error, _batch.Count);
        _metrics.StepFailed();
        List<Sequence> concerned = _running.FindAll(sequence => sequence.RowCount > 0);
        if (_batch.IsRetry)
        {
            Remove(concerned[0], isIntact: false);
            End(concerned[0], error);
            Rebuild();
            return;
        }

        _batch.RetryAlone(concerned);
        Rewind();
    }

    /// <summary>
    /// Removes from the KV cache what an unfinished step wrote. A recurrent state cannot go back to an earlier position, so such a sequence
    /// is removed as a whole, and its tokens are prefilled again.
    /// </summary>
    private void Rewind()
    {
        foreach (Sequence sequence in _running)
        {
            if (sequence.RowCount > 0)
            {
                KvTrack track = sequence.RowTrack!;
                if (!_canRewind)
                {
                    track.StartOver();
                }

                Context.RemoveSequence(track.Id, track.CachedCount);
                sequence.RowCount = 0;
                sequence.DraftCount = 0;
            }
        }
    }

    private void Rebuild()
    {
        LogRebuild(_running.Count);
        _metrics.ContextRebuilt();
        _cells.Rebuild();
        foreach (Sequence sequence in _running)
        {
            if (sequence.Passages is { } gathering)
            {
                PassageGatherer.ComputeInPlace(gathering);
            }
            else if (sequence.Request.Passages is not null)
            {
                // Its passages were placed before: prefill its tokens in order.
                sequence.Track.Prefix = null;
            }

            sequence.Track.StartOver();
        }
    }

    private void EndWhere(Predicate<Sequence> chosen, Exception error)
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            Sequence sequence = _running[i];
            if (chosen(sequence))
            {
                Release(sequence);
                End(sequence, error);
            }
        }
    }

    private void Release(Sequence sequence)
    {
        // While passages are computed apart, its sequence does not hold the prompt.
        Remove(sequence, isIntact: sequence.Passages?.Prompt is null);
        Context.RemoveSequence(sequence.Id);
    }

    private void Remove(Sequence sequence, bool isIntact)
    {
        _running.Remove(sequence);
        Action<KvTrack> remove = isIntact ? _reuse.Remove : _reuse.Forget;
        remove(sequence.Track);

        _cells.Release(sequence.Cells);
        _cells.ReturnId(sequence.Id);
        sequence.Passages?.End();

        sequence.Track.StopRestoring();
        sequence.Sampler?.Dispose();
    }

    private void End(Sequence sequence, Exception error)
    {
        sequence.Place.Release();
        _metrics.Ended(error, sequence.Place.Waited + _time.GetElapsedTime(sequence.SubmittedTimestamp));
        sequence.Stream.Fail(error);
    }

    private void ReportStanding()
    {
        int cached = 0;
        foreach (Sequence sequence in _running)
        {
            cached += (sequence.Passages?.Aside ?? sequence.Track).CachedCount;
        }

        _metrics.Stands(
            _running.Count, Context.ContextSize, _cells.ReservedCells, cached, _reuse.PooledBytes);
    }

    [LoggerMessage(EventId = 410, Level = LogLevel.Error, Message = "A batch of {TokenCount} tokens could not be decoded.")]
    private partial void LogStepFailed(Exception error, int tokenCount);

    [LoggerMessage(EventId = 411, Level = LogLevel.Error, Message = "No token could be sampled for a request. It is computed again once, without restored KV states.")]
    private partial void LogSampleFailed(Exception error);

    [LoggerMessage(EventId = 412, Level = LogLevel.Warning, Message = "The context is re-created after a failure. {SequenceCount} requests are prefilled again.")]
    private partial void LogRebuild(int sequenceCount);
}
