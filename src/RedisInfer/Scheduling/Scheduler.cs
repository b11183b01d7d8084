using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>
/// Decides who runs and carries them on, step by step; used by the decode loop's thread alone. Each step decodes one token of
/// every sequence that is generating, together with slices of the prompts that are still to be read. A request is admitted when the
/// KV cells it can reach are free, so the cache never overflows; until then it waits, and nobody overtakes it.
/// </summary>
internal sealed partial class Scheduler : IDisposable
{
    // However many generate, prompts get this part of a slice: nobody waits for ever.
    private const int LeastShareOfPrompts = 4;

    // llama.cpp computes attention in tiles of so many rows; fewer go one by one, which takes twice as long a row. A long prompt leaves none so few.
    private const int AttentionTile = 64;

    private readonly IInferenceModel _model;
    private readonly DecodeLoopOptions _options;
    private readonly SchedulerMetrics _metrics;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Action _wake;
    private readonly FairLine<Sequence> _waiting = new();
    private readonly List<Sequence> _running = [];
    private readonly Queue<Sequence> _suspects = new();
    private readonly Stack<int> _freeIds = new();
    private readonly TokenBatch _batch;
    private readonly StepWidth _width;
    private IInferenceContext _context;
    private int _freeCells;
    private long _stepNumber;

    // Whether the batch under way holds one token of each of some sequences and nothing else.
    private bool _generatesOnly;

    // Whether it is that of a sequence which takes a failed step again.
    private bool _isRetry;

    /// <summary>Creates the context.</summary>
    /// <param name="model">The model.</param>
    /// <param name="options">Its limits.</param>
    /// <param name="metrics">What it counts in.</param>
    /// <param name="logger">Gets what goes wrong.</param>
    /// <param name="time">The clock.</param>
    /// <param name="wake">Called, from any thread, when there is something to do that was not there at the last <see cref="Prepare"/>.</param>
    /// <exception cref="RedisInferException">The context cannot be created.</exception>
    public Scheduler(
        IInferenceModel model, DecodeLoopOptions options, SchedulerMetrics metrics, ILogger logger, TimeProvider time, Action wake)
    {
        _model = model;
        _options = options;
        _metrics = metrics;
        _logger = logger;
        _time = time;
        _wake = wake;
        _store = options.Store;
        _context = CreateContext();
        _batch = new TokenBatch(_context.BatchSize);
        _width = new StepWidth(options.Context.MaxSequences);
        _freeCells = _context.ContextSize;
        for (int id = ParkingId - 1; id >= 0; id--)
        {
            _freeIds.Push(id);
        }

        ReportStanding();
    }

    /// <summary>Whether the last batch laid out holds anything.</summary>
    public bool HasWork => _batch.Count > 0;

    /// <summary>Whether nobody runs and nobody waits.</summary>
    public bool IsIdle => _running.Count == 0 && _waiting.Count == 0;

    /// <summary>Takes a request into the waiting line.</summary>
    public void Add(Sequence sequence) => _waiting.Add(sequence.Request.Caller, sequence.Request.Priority, sequence);

    /// <summary>Frees what cancelled requests hold, admits who fits, and lays out the next batch.</summary>
    /// <returns>Whether there is anything to decode: see <see cref="HasWork"/>.</returns>
    public bool Prepare()
    {
        _waiting.RemoveWhere(sequence => sequence.Cancelled, sequence => End(sequence, new OperationCanceledException()));
        EndWhere(sequence => sequence.Cancelled, new OperationCanceledException());
        while (_running.Count < _options.Context.MaxSequences && _waiting.Peek() is { } next && MakeRoom(next.ReservedCells))
        {
            Admit(_waiting.Take());
        }

        AdvanceReuse();
        EndRead();
        FillBatch();
        ReportStanding();
        return HasWork;
    }

    /// <summary>Whether a sequence has most of the batch under way, so that little of others is lost when it is aborted.</summary>
    public bool HasMostOfTheBatch(Sequence sequence) => sequence.RowCount > 1 && sequence.RowCount * 2 > _batch.Count;

    /// <summary>Decodes the batch and takes what came out of it.</summary>
    /// <param name="abort">Stops the computation; everyone then takes the step again.</param>
    public void Step(CancellationToken abort)
    {
        _metrics.StepBegins(_batch.Count);
        Decode(abort);
        ReportStanding();
    }

    /// <summary>Ends everyone who runs or waits.</summary>
    public void EndAll(Exception error)
    {
        EndWhere(_ => true, error);
        _waiting.RemoveWhere(_ => true, sequence => End(sequence, error));
        ReportStanding();
    }

    public void Dispose() => _context.Dispose();

    private void Admit(Sequence sequence)
    {
        sequence.Place.Dispose();
        try
        {
            sequence.Sampler = _model.CreateSampler(sequence.Request.Sampling);
        }
        catch (Exception e) when (e is RedisInferException or ArgumentException)
        {
            End(sequence, e);
            return;
        }

        sequence.Track = new KvTrack(_freeIds.Pop(), _context.CanSplitSequences ? sequence.Request.Chain : null);
        if (!_context.CanSplitSequences)
        {
            sequence.Passages = null;
        }

        sequence.AdmittedTimestamp = _time.GetTimestamp();
        _freeCells -= sequence.ReservedCells;
        _running.Add(sequence);
        sequence.QueueTime = sequence.Place.Waited + _time.GetElapsedTime(sequence.SubmittedTimestamp, sequence.AdmittedTimestamp);
        _metrics.Admitted(sequence.QueueTime);
    }

    private void Decode(CancellationToken abort)
    {
        long start = _time.GetTimestamp();
        DecodeResult result;
        try
        {
            result = _context.Decode(_batch, abort);
        }
        catch (RedisInferException e)
        {
            StepFailed(e);
            return;
        }

        switch (result)
        {
            case DecodeResult.Done:
                if (_generatesOnly)
                {
                    _width.Add(_batch.Count, _time.GetElapsedTime(start));
                }

                TakeResults();
                break;
            case DecodeResult.Aborted:
                Rewind();
                break;
            case DecodeResult.KvCacheFull:
                StepFailed(new RedisInferException(
                    RedisInferErrorCode.DecodeFailed,
                    $"The KV cache of {_context.ContextSize} cells is full although every request had its cells reserved."));
                break;
        }
    }

    private void FillBatch()
    {
        _batch.Clear();
        _generatesOnly = false;
        _stepNumber++;
        foreach (Sequence sequence in _running)
        {
            sequence.RowCount = 0;
            sequence.OutputRow = -1;
        }

        while (_batch.Count == 0 && _suspects.TryDequeue(out Sequence? suspect))
        {
            if (_running.Contains(suspect))
            {
                AddRows(suspect, _batch.Capacity);
            }
        }

        _isRetry = _batch.Count > 0;
        if (_isRetry)
        {
            return;
        }

        // First those who are generating. Prompts get what is left: of the batch, or of a slice where somebody waits for the step.
        AddGenerating();
        int generating = _batch.Count;
        int forPrompts = _batch.Capacity - generating;
        if (generating > 0)
        {
            int slice = Math.Max(_options.PrefillSliceSize - generating, _options.PrefillSliceSize / LeastShareOfPrompts);
            forPrompts = Math.Min(forPrompts, Math.Max(1, slice));
        }

        foreach (Sequence sequence in _running)
        {
            if (sequence.IsReading)
            {
                forPrompts -= AddRows(sequence, forPrompts);
            }
        }

        _generatesOnly = _batch.Count == generating;
    }

    /// <summary>Adds a token of everyone who generates, or, where that is quicker and no prompt is being read, of whose last step is longest ago.</summary>
    private void AddGenerating()
    {
        int ready = 0;
        bool reading = false;
        Sequence? first = null;
        foreach (Sequence sequence in _running)
        {
            reading |= sequence.IsReading;
            if (sequence.IsGenerating)
            {
                ready++;
                first = first is null || sequence.LastStep < first.LastStep ? sequence : first;
            }
        }

        if (first is not null && !reading && _width.Choose(ready) == 1)
        {
            AddRows(first, 1);
            return;
        }

        foreach (Sequence sequence in _running)
        {
            if (sequence.IsGenerating)
            {
                AddRows(sequence, 1);
            }
        }
    }

    /// <returns>Rows added: none where the reader lags behind.</returns>
    private int AddRows(Sequence sequence, int most)
    {
        ReadOnlySpan<int> pending = sequence.Pending;
        int count = sequence.Stream.HasRoom ? Math.Min(most, pending.Length) : 0;
        int rest = pending.Length - count;
        if (rest is > 0 and < AttentionTile && count >= 2 * AttentionTile)
        {
            count -= AttentionTile - rest;
        }

        sequence.LastStep = _stepNumber;
        KvTrack track = sequence.RowTrack = sequence.PendingTrack;
        for (int i = 0; i < count; i++)
        {
            bool last = i == pending.Length - 1 && sequence.PendingEndsInOutput;
            int row = _batch.Add(pending[i], track.CachedCount + i, track.Id, last);
            if (last)
            {
                sequence.OutputRow = row;
            }
        }

        sequence.RowCount = count;
        return count;
    }

    private void TakeResults()
    {
        int outputs = 0;
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            Sequence sequence = _running[i];
            if (sequence.RowCount > 0)
            {
                sequence.RowTrack!.Advance(sequence.RowTrack.CachedCount + sequence.RowCount);
            }

            if (sequence.OutputRow >= 0 && !sequence.Cancelled)
            {
                TakeToken(sequence);
                outputs++;
            }
        }

        _metrics.StepDone(_batch.Count - outputs, outputs);
    }

    private void TakeToken(Sequence sequence)
    {
        int token;
        if (sequence.Request.CaptureOutput && sequence.GeneratedCount == 0)
        {
            sequence.FirstLogits = _context.GetLogits(sequence.OutputRow).ToArray();
        }

        try
        {
            token = _context.Sample(sequence.Sampler!, sequence.OutputRow);
        }
        catch (RedisInferException e)
        {
            LogSampleFailed(e);
            Release(sequence);
            End(sequence, e);
            return;
        }

        sequence.Append(token);
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
            Release(sequence);
            Complete(sequence, stopped);
        }
    }

    /// <summary>Ends requests whose prompt was to be read and nothing more.</summary>
    private void EndRead()
    {
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
    }

    private void Complete(Sequence sequence, bool stopped)
    {
        var result = new GenerationResult
        {
            Stopped = stopped,
            GeneratedTokens = sequence.GeneratedCount,
            Queue = sequence.QueueTime,
            Reuse = sequence.Reused,
            Output = sequence.Request.CaptureOutput ? new GenerationOutput(sequence.FirstLogits, sequence.Generated.ToArray()) : null,
            Restore = _time.GetElapsedTime(sequence.AdmittedTimestamp, sequence.ReusedTimestamp),
            Prefill = _time.GetElapsedTime(sequence.ReusedTimestamp, sequence.FirstTokenTimestamp),
            Decode = _time.GetElapsedTime(sequence.FirstTokenTimestamp, _time.GetTimestamp()),
            FirstTokenTimestamp = sequence.FirstTokenTimestamp,
        };
        _metrics.Answered(sequence.Request.Prompt.Length, result);
        sequence.Stream.Complete(sequence.Text.Finish(), result);
    }

    /// <summary>
    /// One sequence may spoil a step for all: each then takes the step again alone, and who fails again ends. Nobody can say what such a
    /// failure left in the KV cache, so the context is made anew, and the others' tokens are read again.
    /// </summary>
    private void StepFailed(RedisInferException error)
    {
        LogStepFailed(error, _batch.Count);
        _metrics.StepFailed();
        List<Sequence> concerned = _running.FindAll(sequence => sequence.RowCount > 0);
        if (_isRetry)
        {
            _running.Remove(concerned[0]);
            GiveBack(concerned[0]);
            _freeIds.Push(concerned[0].Id);
            End(concerned[0], error);
            Rebuild();
            return;
        }

        concerned.ForEach(_suspects.Enqueue);
        Rewind();
    }

    /// <summary>What a step that did not end wrote goes.</summary>
    private void Rewind()
    {
        foreach (Sequence sequence in _running)
        {
            if (sequence.RowCount > 0)
            {
                _context.RemoveSequence(sequence.RowTrack!.Id, sequence.RowTrack.CachedCount);
                sequence.RowCount = 0;
            }
        }
    }

    private void Rebuild()
    {
        LogRebuild(_running.Count);
        _metrics.ContextRebuilt();
        _context.Dispose();
        _context = CreateContext();
        ForgetPrefixes();
    }

    private IInferenceContext CreateContext() => _model.CreateContext(_options.Context with
    {
        MaxSequences = _options.Context.MaxSequences + _options.RetainedPrefixes + OwnSequences,
    });

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
        _running.Remove(sequence);
        GiveBack(sequence);
        Leave(sequence.Track);
    }

    private void GiveBack(Sequence sequence)
    {
        _freeCells += sequence.ReservedCells;
        StopGathering(sequence);
        sequence.Track.StopRestoring();
        sequence.Sampler?.Dispose();
    }

    private void End(Sequence sequence, Exception error)
    {
        sequence.Place.Dispose();
        _metrics.Ended(error, sequence.Place.Waited + _time.GetElapsedTime(sequence.SubmittedTimestamp));
        sequence.Stream.Fail(error);
    }

    private void ReportStanding()
    {
        int cached = 0;
        foreach (Sequence sequence in _running)
        {
            cached += sequence.Track.CachedCount + (sequence.Passages?.Aside?.CachedCount ?? 0);
        }

        _metrics.Stands(
            _running.Count, _context.ContextSize, _context.ContextSize - _freeCells - _retained.Cells, cached, _retained.Cells);
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of {TokenCount} tokens could not be decoded.")]
    private partial void LogStepFailed(Exception error, int tokenCount);

    [LoggerMessage(Level = LogLevel.Error, Message = "No token could be chosen for a request; it fails.")]
    private partial void LogSampleFailed(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The context is made anew after a failed step; {SequenceCount} requests are read again.")]
    private partial void LogRebuild(int sequenceCount);
}
