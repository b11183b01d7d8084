using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using RedisInfer.Errors;
using RedisInfer.Inference;
using RedisInfer.KvBlocks;
using RedisInfer.Reuse;
using RedisInfer.Scheduling;
using RedisInfer.Tests.Support.Inference;

namespace RedisInfer.Tests.Property.Scheduling;

/// <summary>Runs a sequence of operations on a scheduler, and checks its invariants after each.</summary>
internal sealed class SchedulerRun : IDisposable
{
    private const int ContextSize = 160;
    private const int MaxSequences = 3;
    private const int PoolBytes = 2000;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly KvIdentity Identity = new([], "echo", "");
    private static readonly string[] Beginnings = [new string('p', 30), new string('p', 15) + new string('q', 15), "the quick brown fox jumps over"];
    private static readonly string[] Callers = ["a", "b", "c"];

    private readonly int _contextSize;
    private readonly EchoModel _model;
    private readonly SchedulerMetrics _metrics = new(null, new EchoModel().Info, TimeProvider.System);
    private readonly QueuePlaces _places;
    private readonly Scheduler _scheduler;
    private readonly List<(Sequence Sequence, string Text)> _all = [];
    private readonly FairLine<Sequence> _expected = new();
    private readonly HashSet<Sequence> _started = [];
    private readonly Dictionary<CompletionStream, Task<string>> _readers = [];
    private bool _failStep;
    private bool _failSample;

    /// <summary>Creates the scheduler.</summary>
    /// <param name="canSplitSequences">Whether its context can remove parts of sequences. If not, nothing is reused.</param>
    /// <param name="separateSequences">Whether each sequence has cells of its own.</param>
    public SchedulerRun(bool canSplitSequences, bool separateSequences)
    {
        _contextSize = separateSequences ? MaxSequences * ContextSize : ContextSize;
        _model = new EchoModel { CanSplitSequences = canSplitSequences };
        _places = new QueuePlaces(1000, FullQueueBehavior.Wait, null, _metrics, TimeProvider.System);
        var options = new DecodeLoopOptions
        {
            Context = new ContextOptions
            {
                ContextSize = _contextSize,
                MaxSequences = MaxSequences,
                BatchSize = 24,
                SeparateSequences = separateSequences,
            },
            PoolBytes = PoolBytes,
            QueueCapacity = 1000,
            PrefillSliceSize = 8,
            DraftTokens = 6,
        };
        _scheduler = new Scheduler(_model, options, _metrics, NullLogger.Instance, TimeProvider.System, () => { });
        _model.BeforeDecode = (_, _) => ThrowOnce(ref _failStep);
        _model.BeforeSample = _ => ThrowOnce(ref _failSample);
    }

    /// <summary>Number of prompt tokens that were not computed, over all runs.</summary>
    public static long ReusedTokens { get; private set; }

    /// <summary>Number of prompt tokens in passages that were computed independently of each other, over all runs.</summary>
    public static long IndependentTokens { get; private set; }

    public void Do(SchedulerOperation operation)
    {
        switch (operation.Kind)
        {
            case SchedulerOperationKind.Submit:
                Submit(operation.Number);
                break;
            case SchedulerOperationKind.Step:
                Step(CancellationToken.None);
                break;
            case SchedulerOperationKind.StepAborted:
                Step(new CancellationToken(canceled: true));
                break;
            case SchedulerOperationKind.StepFails:
                _failStep = true;
                Step(CancellationToken.None);
                break;
            case SchedulerOperationKind.SampleFails:
                _failSample = true;
                Step(CancellationToken.None);
                break;
            case SchedulerOperationKind.Cancel when _all.Count > 0:
                _all[operation.Number % _all.Count].Sequence.Cancel();
                break;
            case SchedulerOperationKind.ReaderReads when _all.Count > 0:
                StartReading(_all[operation.Number % _all.Count].Sequence.Stream);
                break;
        }

        Check();
    }

    /// <summary>Lets all requests end, and checks that nothing is left.</summary>
    public void Finish()
    {
        _failStep = _failSample = false;
        _all.ForEach(one => StartReading(one.Sequence.Stream));
        long start = Stopwatch.GetTimestamp();
        while (!_scheduler.IsIdle && Stopwatch.GetElapsedTime(start) < Patience)
        {
            Step(CancellationToken.None);
            Check();
        }

        Hold(_scheduler.IsIdle, "A request never ended.");
        Hold(_all.TrueForAll(one => one.Sequence.Stream.Result.IsCompleted), "A request has no result.");
        Hold(_model.LiveSamplers == 0, "Samplers were not disposed.");
        Hold(_places.Count == 0, "Places in the queue were not released.");
        _scheduler.Prepare();
        RagStatus status = _metrics.Read();
        Hold(status.Answered + status.Cancelled + status.Failed == _all.Count, "The counts of ended requests do not add up.");
        Hold(status is { Running: 0, KvCellsReserved: 0, KvCellsUsed: 0 }, "The status is not that of an idle scheduler.");
        Hold(_model.Context!.UsedCells == 0, "KV cells were not released.");
        ReusedTokens += _all.Where(one => one.Sequence.Stream.Result.IsCompletedSuccessfully).Sum(one => one.Sequence.Track.Reused.Tokens);
        IndependentTokens += _all.Sum(one => one.Sequence.Track.Reused.IndependentTokens);
        foreach ((Sequence sequence, string text) in _all.Where(one => one.Sequence.Stream.Result.IsCompletedSuccessfully))
        {
            Hold(_readers[sequence.Stream].Result == text, "A request got a wrong answer.");
        }
    }

    public void Dispose()
    {
        _scheduler.Dispose();
        _metrics.Dispose();
    }

    private void Submit(int number)
    {
        // Some prompts share a prefix, and some are equal.
        string text = Beginnings[number % Beginnings.Length][..(number % 30)] + new string((char)('a' + (number % 26)), 1 + (number % 40));
        string caller = Callers[number % Callers.Length];
        int priority = 1 + (number % 2);
        QueuePlace place = _places.EnterAsync(caller, priority, CancellationToken.None).Result;
        int[] prompt = [.. (text + EchoModel.EndOfPrompt).Select(c => (int)c)];
        KvChain chain = KvChain.Cut(Identity, prompt, [Math.Min(12, text.Length), text.Length], maxBlockTokens: 5);
        var request = new CompletionRequest(prompt, text.Length + 1, new SamplingOptions(), [], caller, priority, chain);
        if (number % 3 == 0 && Plan(prompt, number) is { } plan)
        {
            request = request with { Passages = plan, Chain = KvChain.Cut(Identity, prompt, [plan.HeadEnd, text.Length], 5, new KvBranch(plan.HeadEnd, "made of passages", false)) };
        }

        if (number % 7 == 0)
        {
            request = request with { MaxOutputTokens = 0, Passages = null };
            text = "";
        }

        var sequence = new Sequence(request, new CompletionStream(() => { }), place, 0);
        _all.Add((sequence, text));
        _scheduler.Add(sequence);
        _expected.Add(caller, priority, sequence);
    }

    /// <summary>Two passages after a head of four tokens. Some tokens before each passage are prefilled at their final positions.</summary>
    private static PassagePlan? Plan(int[] prompt, int number)
    {
        const int Head = 4;
        int middle = prompt.Length / 2;
        PassagePart[] parts =
        [
            .. from range in new[] { (Start: Head + (number % 4), End: middle), (Start: middle + (number % 2), End: prompt.Length - 2) }
               where range.Start + (number % 5) < range.End
               let text = prompt[range.Start..range.End]
               let chain = KvChain.Cut(Identity, [.. prompt[..Head], .. text], [Head, Head + text.Length], 5, new KvBranch(Head, "passage", true))
               select new PassagePart(chain, Head, range.Start, range.Start + (number % 5), range.End),
        ];
        return parts.Length == 0 ? null : new PassagePlan(Head, parts);
    }

    private void Step(CancellationToken abort)
    {
        // A request that was canceled while waiting leaves the queue before any request is admitted.
        _expected.RemoveWhere(sequence => sequence.Cancelled, _ => { });
        bool ready = _scheduler.Prepare();
        CheckOrder();
        if (ready)
        {
            _scheduler.Step(abort);
        }
        else
        {
            Hold(_scheduler.IsIdle || Running().Count > 0, "No request runs, although one waits.");
            Thread.Yield(); // all running requests wait for their readers
        }
    }

    private List<Sequence> Running() => _all.ConvertAll(one => one.Sequence)
        .FindAll(sequence => sequence.AdmittedTimestamp != 0 && !sequence.Stream.Result.IsCompleted);

    /// <summary>Checks that each newly admitted request was at the head of the queue at its turn.</summary>
    private void CheckOrder()
    {
        while (_expected.Peek() is { AdmittedTimestamp: not 0 } next)
        {
            _expected.Take();
            _started.Add(next);
        }

        Hold(
            _all.TrueForAll(one => one.Sequence.AdmittedTimestamp == 0 || _started.Contains(one.Sequence)),
            "A request was admitted out of order.");
    }

    private void Check()
    {
        EchoContext context = _model.Context!;
        List<Sequence> running = Running();
        int reserved = running.Sum(sequence => sequence.Cells);
        Hold(reserved <= _contextSize, $"{reserved} cells are reserved of {_contextSize}.");
        RagStatus status = _metrics.Read();
        Hold(context.UsedCells <= reserved, "More cells are used than reserved.");
        Hold(status.KvPoolBytes <= PoolBytes, "More KV states are kept than the options allow.");
        Hold(running.Count <= MaxSequences, "More sequences run than the context has.");
        Hold(running.Select(sequence => sequence.Id).Distinct().Count() == running.Count, "Two requests share a sequence.");
        Hold(_model.LiveSamplers == running.Count, "The numbers of samplers and of running requests differ.");
    }

    private void StartReading(CompletionStream stream)
    {
        if (!_readers.ContainsKey(stream))
        {
            _readers.Add(stream, Task.Run(() => ReadAsync(stream)));
        }
    }

    private static async Task<string> ReadAsync(CompletionStream stream)
    {
        string text = "";
        await foreach (string piece in stream.ReadAsync(CancellationToken.None))
        {
            text += piece;
        }

        return text;
    }

    private static void ThrowOnce(ref bool flag)
    {
        if (flag)
        {
            flag = false;
            throw new RedisInferException(RedisInferErrorCode.DecodeFailed, "The test injected this failure.");
        }
    }

    private static void Hold(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw new InvalidOperationException(otherwise);
        }
    }
}
