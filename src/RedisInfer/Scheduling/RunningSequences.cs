using Microsoft.Extensions.Logging;
using RedisInfer.Errors;
using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>
/// The sequences that run on a context, and the steps that carry them on. Used by the decode loop's thread alone. Each step
/// decodes one token of every sequence that is generating, together with as much of the waiting prompts as the batch has room
/// for. A sequence is admitted when the KV cells it can reach are free, so the cache never overflows.
/// </summary>
internal sealed partial class RunningSequences
{
    private readonly IInferenceModel _model;
    private readonly IInferenceContext _context;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly TokenBatch _batch;
    private readonly List<Sequence> _running = [];
    private readonly Stack<int> _freeIds = new();
    private int _freeCells;

    public RunningSequences(IInferenceModel model, IInferenceContext context, ILogger logger, TimeProvider time)
    {
        _model = model;
        _context = context;
        _logger = logger;
        _time = time;
        _batch = new TokenBatch(context.BatchSize);
        _freeCells = context.ContextSize;
        for (int id = context.MaxSequences - 1; id >= 0; id--)
        {
            _freeIds.Push(id);
        }
    }

    /// <summary>Whether a sequence id and all cells that a sequence can reach are free.</summary>
    public bool CanAdmit(Sequence sequence) => _freeIds.Count > 0 && sequence.ReservedCells <= _freeCells;

    public void Admit(Sequence sequence)
    {
        sequence.Sampler = _model.CreateSampler(sequence.Request.Sampling);
        sequence.Id = _freeIds.Pop();
        sequence.AdmittedTimestamp = _time.GetTimestamp();
        _freeCells -= sequence.ReservedCells;
        _running.Add(sequence);
    }

    /// <summary>Frees what cancelled sequences hold.</summary>
    public void ReleaseCancelled() => EndWhere(sequence => sequence.Cancelled, new OperationCanceledException());

    /// <summary>Ends every sequence with an error.</summary>
    public void FailAll(Exception error) => EndWhere(_ => true, error);

    /// <summary>Lays out the next batch.</summary>
    /// <returns>Whether there is anything to decode.</returns>
    public bool FillBatch()
    {
        _batch.Clear();

        // First the tokens of those who are generating, so that no prompt delays them by more than one slice.
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
            if (sequence.InPrefill)
            {
                AddSliceOfPrompt(sequence);
            }
        }

        return _batch.Count > 0;
    }

    /// <summary>Decodes the batch and takes what came out of it.</summary>
    /// <param name="abort">Stops the computation; everyone then takes the step again.</param>
    public void Step(CancellationToken abort)
    {
        DecodeResult result;
        try
        {
            result = _context.Decode(_batch, abort);
        }
        catch (RedisInferException e)
        {
            LogStepFailed(e, _batch.Count);
            EndWhere(sequence => sequence.RowCount > 0, e);
            return;
        }

        switch (result)
        {
            case DecodeResult.Done:
                TakeResults();
                break;
            case DecodeResult.Aborted:
                Rewind();
                break;
            case DecodeResult.KvCacheFull:
                var full = new RedisInferException(
                    RedisInferErrorCode.DecodeFailed,
                    $"The KV cache of {_context.ContextSize} cells is full although every request had its cells reserved.");
                EndWhere(sequence => sequence.RowCount > 0, full);
                break;
        }
    }

    private void AddSliceOfPrompt(Sequence sequence)
    {
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

    private void TakeResults()
    {
        for (int i = _running.Count - 1; i >= 0; i--)
        {
            Sequence sequence = _running[i];
            sequence.CachedCount += sequence.RowCount;
            sequence.RowCount = 0;
            if (sequence.OutputRow >= 0 && !sequence.Cancelled)
            {
                TakeToken(sequence);
            }
        }
    }

    private void TakeToken(Sequence sequence)
    {
        int token = _context.Sample(sequence.Sampler!, sequence.OutputRow);
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
            Finish(sequence, stopped);
        }
    }

    private void Finish(Sequence sequence, bool stopped)
    {
        Release(sequence);
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

    /// <summary>After an abort: what the step wrote goes.</summary>
    private void Rewind()
    {
        foreach (Sequence sequence in _running)
        {
            if (sequence.RowCount > 0)
            {
                _context.RemoveSequence(sequence.Id, sequence.CachedCount);
                sequence.RowCount = 0;
            }
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
                sequence.Stream.Fail(error);
            }
        }
    }

    private void Release(Sequence sequence)
    {
        _context.RemoveSequence(sequence.Id);
        _running.Remove(sequence);
        _freeIds.Push(sequence.Id);
        _freeCells += sequence.ReservedCells;
        sequence.Sampler?.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "A batch of {TokenCount} tokens could not be decoded; its requests fail.")]
    private partial void LogStepFailed(Exception error, int tokenCount);
}
