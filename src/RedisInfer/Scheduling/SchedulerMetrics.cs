using System.Diagnostics.Metrics;
using RedisInfer.Inference;

namespace RedisInfer.Scheduling;

/// <summary>
/// The measurements of a decode loop, for the host's meters and for <see cref="Read"/>. Names follow OpenTelemetry's conventions for
/// generative AI if those define one. Only the loop's thread writes, except that any thread counts refusals. Any thread may read.
/// </summary>
internal sealed class SchedulerMetrics : IDisposable
{
    /// <summary>Tag that tells runtimes of one host apart.</summary>
    public const string KeyTag = "redisinfer.key";

    private static readonly InstrumentAdvice<double> Seconds = new()
    {
        HistogramBucketBoundaries = [.005, .01, .02, .04, .08, .16, .32, .64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
    };

    private static readonly InstrumentAdvice<int> Tokens = new()
    {
        HistogramBucketBoundaries = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 4096, 16384, 65536],
    };

    private readonly TokenRate _rate;
    private readonly Histogram<int> _batchSize;
    private readonly Histogram<double> _queueDuration;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<double> _perToken;
    private readonly Histogram<double> _requestDuration;
    private readonly Histogram<int> _tokenUsage;
    private readonly Counter<long> _prefilled;
    private readonly Counter<long> _reused;
    private readonly Counter<long> _generated;
    private readonly Counter<long> _proposed;
    private readonly Counter<long> _accepted;
    private readonly Counter<long> _refusals;
    private readonly Counter<long> _failedSteps;
    private readonly Counter<long> _rebuilds;
    private Func<int> _queueLength = () => 0;
    private long _answered;
    private long _cancelled;
    private long _failed;
    private long _refused;
    private int _running;
    private int _lastBatch;
    private int _cells;
    private int _cellsReserved;
    private int _cellsUsed;
    private long _pooledBytes;

    /// <summary>Creates the instruments. The meter of a factory keeps them until the host ends, so create them once per runtime.</summary>
    /// <param name="factory">
    /// Creates the host's meters. <see langword="null"/>: the meter belongs to no host, and listeners find it by <see cref="RagTelemetry.Name"/>.
    /// </param>
    /// <param name="model">The model. Its name and the name of its engine are tags of every measurement.</param>
    /// <param name="time">The clock.</param>
    /// <param name="key">Key of the runtime, also a tag of every measurement; <see langword="null"/>: no such tag.</param>
    public SchedulerMetrics(IMeterFactory? factory, ModelInfo model, TimeProvider time, string? key = null)
    {
        _rate = new TokenRate(time);
        List<KeyValuePair<string, object?>> tags =
            [new("gen_ai.operation.name", "chat"), new("gen_ai.provider.name", model.Engine), new("gen_ai.request.model", model.Name)];
        if (key is not null)
        {
            tags.Add(new(KeyTag, key));
        }

        var options = new MeterOptions(RagTelemetry.Name) { Tags = tags };
        Meter = factory?.Create(options) ?? new Meter(options);
        Meter.CreateObservableUpDownCounter("redisinfer.queue.length", () => _queueLength(), "{request}", "Requests that wait in the queue.");
        Meter.CreateObservableUpDownCounter("redisinfer.sequences.running", () => _running, "{sequence}", "Requests that run.");
        Meter.CreateObservableUpDownCounter("redisinfer.kv_cache.cells.used", () => _cellsUsed, "{token}", "KV cells that hold a token.");
        Meter.CreateObservableUpDownCounter("redisinfer.kv_cache.cells.reserved", () => _cellsReserved, "{token}", "KV cells reserved for running requests.");
        Meter.CreateObservableUpDownCounter("redisinfer.kv_cache.pool.size", () => Volatile.Read(ref _pooledBytes), "By", "KV states of prompts in memory outside the context.");
        Meter.CreateObservableUpDownCounter("redisinfer.kv_cache.cells.limit", () => _cells, "{token}", "KV cells of the context.");
        Meter.CreateObservableGauge("redisinfer.tokens.rate", () => _rate.Read(), "{token}/s", "Tokens generated per second, over the last 5 seconds.");
        _batchSize = Meter.CreateHistogram("redisinfer.batch.size", "{token}", "Tokens computed in a step.", null, Tokens);
        _queueDuration = Meter.CreateHistogram("redisinfer.queue.duration", "s", "Time in the queue.", null, Seconds);
        _reused = Meter.CreateCounter<long>("redisinfer.tokens.reused", "{token}", "Prompt tokens whose KV states were reused.");
        _prefilled = Meter.CreateCounter<long>("redisinfer.tokens.prefilled", "{token}", "Prompt tokens computed.");
        _generated = Meter.CreateCounter<long>("redisinfer.tokens.generated", "{token}", "Tokens generated.");
        _proposed = Meter.CreateCounter<long>("redisinfer.tokens.proposed", "{token}", "Tokens that were computed before they were chosen.");
        _accepted = Meter.CreateCounter<long>("redisinfer.tokens.accepted", "{token}", "Tokens of those that were then chosen.");
        _refusals = Meter.CreateCounter<long>("redisinfer.requests.refused", "{request}", "Requests refused because the queue was full.");
        _failedSteps = Meter.CreateCounter<long>("redisinfer.steps.failed", "{step}", "Steps that could not be computed.");
        _rebuilds = Meter.CreateCounter<long>("redisinfer.context.rebuilds", "{context}", "Contexts re-created after a failed step.");
        _firstToken = Meter.CreateHistogram("gen_ai.server.time_to_first_token", "s", "Time from the end of the wait in the queue to the first token.", null, Seconds);
        _perToken = Meter.CreateHistogram("gen_ai.server.time_per_output_token", "s", "Time per token after the first.", null, Seconds);
        _requestDuration = Meter.CreateHistogram("gen_ai.server.request.duration", "s", "Time from the call to the last token.", null, Seconds);
        _tokenUsage = Meter.CreateHistogram("gen_ai.client.token.usage", "{token}", "Tokens of a request.", null, Tokens);
    }

    /// <summary>The meter, for other measurements of the same model.</summary>
    public Meter Meter { get; }

    /// <summary>Sets the function that returns the length of the queue.</summary>
    public void ObserveQueue(Func<int> length) => _queueLength = length;

    /// <summary>Reads the current values.</summary>
    public RagStatus Read() => new()
    {
        IsReady = true,
        Waiting = _queueLength(),
        Running = Volatile.Read(ref _running),
        LastBatchSize = Volatile.Read(ref _lastBatch),
        TokensPerSecond = _rate.Read(),
        KvCells = Volatile.Read(ref _cells),
        KvCellsReserved = Volatile.Read(ref _cellsReserved),
        KvCellsUsed = Volatile.Read(ref _cellsUsed),
        KvPoolBytes = Volatile.Read(ref _pooledBytes),
        Answered = Interlocked.Read(ref _answered),
        Cancelled = Interlocked.Read(ref _cancelled),
        Failed = Interlocked.Read(ref _failed),
        Refused = Interlocked.Read(ref _refused),
    };

    /// <summary>Counts a request that was refused because the queue was full.</summary>
    public void Refused()
    {
        Interlocked.Increment(ref _refused);
        _refusals.Add(1);
    }

    /// <summary>Records the queue time of a request that starts to run.</summary>
    public void Admitted(TimeSpan queued) => _queueDuration.Record(queued.TotalSeconds);

    /// <summary>Sets the values that hold until the next step.</summary>
    public void Stands(int running, int cells, int cellsReserved, int cellsUsed, long pooledBytes)
    {
        Volatile.Write(ref _pooledBytes, pooledBytes);
        Volatile.Write(ref _running, running);
        Volatile.Write(ref _cells, cells);
        Volatile.Write(ref _cellsReserved, cellsReserved);
        Volatile.Write(ref _cellsUsed, cellsUsed);
    }

    /// <summary>Records the size of a batch before it is computed.</summary>
    public void StepBegins(int batchSize)
    {
        Volatile.Write(ref _lastBatch, batchSize);
        _batchSize.Record(batchSize);
    }

    /// <summary>Counts the tokens of a batch that was computed.</summary>
    public void StepDone(int prefilled, int generated)
    {
        _prefilled.Add(prefilled);
        _generated.Add(generated);
        _rate.Add(generated);
    }

    /// <summary>Counts the tokens that a sequence proposed in a step.</summary>
    public void Drafted(int proposed, int accepted)
    {
        _proposed.Add(proposed);
        _accepted.Add(accepted);
    }

    public void StepFailed() => _failedSteps.Add(1);

    public void ContextRebuilt() => _rebuilds.Add(1);

    /// <summary>Records a request that was answered.</summary>
    public void Answered(int promptTokens, CompletionResult result)
    {
        Interlocked.Increment(ref _answered);
        _reused.Add(result.Reuse.Tokens);
        _firstToken.Record((result.Restore + result.Prefill).TotalSeconds);
        _requestDuration.Record((result.Queue + result.Restore + result.Prefill + result.Decode).TotalSeconds);
        if (result.GeneratedTokens > 1)
        {
            _perToken.Record(result.Decode.TotalSeconds / (result.GeneratedTokens - 1));
        }

        _tokenUsage.Record(promptTokens, new KeyValuePair<string, object?>("gen_ai.token.type", "input"));
        _tokenUsage.Record(result.GeneratedTokens, new KeyValuePair<string, object?>("gen_ai.token.type", "output"));
    }

    /// <summary>Records a request that ended without an answer.</summary>
    public void Ended(Exception error, TimeSpan after)
    {
        Interlocked.Increment(ref error is OperationCanceledException ? ref _cancelled : ref _failed);
        _requestDuration.Record(after.TotalSeconds, new KeyValuePair<string, object?>("error.type", error.GetType().Name));
    }

    public void Dispose() => Meter.Dispose();
}
