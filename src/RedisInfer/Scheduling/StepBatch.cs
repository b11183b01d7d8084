using RedisInfer.Inference;
using RedisInfer.Reuse;
using RedisInfer.Scheduling.Drafts;

namespace RedisInfer.Scheduling;

/// <summary>
/// Decides which sequences get rows of the next step: either those that generate, or a slice of the first prompt that is being prefilled. An
/// answer gets one row, and more for the tokens that it proposes. A step with both would be computed in several passes anyway, and its
/// answers would wait for all of them. Used by the decode thread alone.
/// </summary>
/// <param name="capacity">Most rows of a step.</param>
/// <param name="prefillSliceSize">Rows of a step that prefills while other sequences generate, at least.</param>
/// <param name="maxSequences">Sequences that run at once.</param>
internal sealed class StepBatch(int capacity, int prefillSliceSize, int maxSequences)
{
    /// <summary>Most rows of a step in which answers propose tokens: as many as a context of any engine computes logits for.</summary>
    internal const int MaxDraftRows = 32;

    private static readonly Comparison<Sequence> ById = (a, b) => a.Id.CompareTo(b.Id);
    private static readonly Comparison<Sequence> ByWait = (a, b) => a.LastStep != b.LastStep ? a.LastStep.CompareTo(b.LastStep) : a.Id.CompareTo(b.Id);

    private readonly PrefillTurns _turns = new(prefillSliceSize);
    private readonly List<Sequence> _generating = new(maxSequences);
    private readonly Sequence?[] _reading = new Sequence?[maxSequences];
    private readonly List<DraftOffer> _offers = new(maxSequences);
    private readonly StepPlanner _planner = new(Math.Min(capacity, MaxDraftRows), maxSequences);

    // Sequences of a failed step, each with its track in that step and the number of tokens that the track would have held after it.
    private readonly Queue<(Sequence Sequence, KvTrack Track, int End)> _suspects = new();
    private long _stepNumber;
    private StepKind _kind;

    // Whether all answers have a part in the step, and whether it is computed in one pass, so that its time is that of its rows.
    private bool _isForAll;
    private bool _isOnePass;

    /// <summary>The rows.</summary>
    public TokenBatch Rows { get; } = new(capacity);

    public int Count => Rows.Count;

    /// <summary>Whether the batch is that of one sequence that repeats a failed step alone.</summary>
    public bool IsRetry { get; private set; }

    /// <summary>
    /// Lets sequences of a failed step repeat it, each alone. Call it before they are rewound. A sequence that had to start over runs alone
    /// until it has passed the point of the failure.
    /// </summary>
    public void RetryAlone(IEnumerable<Sequence> sequences)
    {
        foreach (Sequence sequence in sequences)
        {
            _suspects.Enqueue((sequence, sequence.RowTrack!, sequence.RowTrack!.CachedCount + sequence.RowCount - sequence.DraftCount));
        }
    }

    /// <summary>Notes how long the step took, to learn how steps are best divided.</summary>
    /// <param name="duration">How long it took.</param>
    /// <param name="requests">Requests that run or wait.</param>
    public void Measured(TimeSpan duration, int requests)
    {
        if (_kind == StepKind.Answers && _isOnePass)
        {
            _planner.Measured(_generating.Count, Rows.Count, duration);
        }

        if (_kind == StepKind.Slice)
        {
            _turns.Prefilled(Rows.Count, duration, requests);
        }
        else if (_kind == StepKind.Answers && _isForAll)
        {
            _turns.Decoded(duration);
        }
    }

    /// <summary>Lays out the next step.</summary>
    /// <param name="running">The running sequences, in the order of their admission.</param>
    /// <param name="context">The context.</param>
    public void Fill(IReadOnlyList<Sequence> running, IInferenceContext context)
    {
        Rows.Clear();
        _kind = StepKind.Other;
        _stepNumber++;
        Sequence? prompt = Look(running);
        AddSuspect(running, context.PreferredRows);
        IsRetry = Rows.Count > 0;
        if (IsRetry)
        {
            return;
        }

        if (_generating.Count == 0)
        {
            if (prompt is not null)
            {
                AddRows(prompt, Rows.Capacity, context.PreferredRows);
            }
        }
        else if (prompt is null)
        {
            _generating.Sort(ByWait);
            AddAnswers(_planner.Choose(Offers(), SharesCells(context)), context);
        }
        else if (_turns.IsForPrompt)
        {
            _kind = StepKind.Slice;
            AddRows(prompt, Math.Min(Rows.Capacity, _turns.SliceSize), context.PreferredRows);
        }
        else
        {
            StepPlan plan = _planner.Choose(Offers(), SharesCells(context), _turns.Left);
            if (plan.Rows == 1 && !SharesCells(context))
            {
                FillGaps();
                plan = plan with { Sequences = _generating.Count };
            }

            AddAnswers(plan, context);
        }
    }

    /// <summary>Finds the sequences that generate, and those that prefill.</summary>
    /// <returns>The first that prefills.</returns>
    private Sequence? Look(IReadOnlyList<Sequence> running)
    {
        Sequence? first = null;
        _generating.Clear();
        Array.Clear(_reading);
        foreach (Sequence sequence in running)
        {
            sequence.RowCount = 0;
            sequence.DraftCount = 0;
            sequence.OutputRow = -1;
            if (sequence.IsGenerating)
            {
                sequence.LookForDrafts();
                _generating.Add(sequence);
            }
            else if (sequence.IsReading)
            {
                first ??= sequence;
                _reading[sequence.Id] = sequence;
            }
        }

        return first;
    }

    /// <summary>
    /// If each sequence has cells of its own, llama.cpp computes rows of several in one pass only if no id between theirs is missing. So
    /// prompts with the ids between those of answers each get one row, which costs less than another pass.
    /// </summary>
    private void FillGaps()
    {
        _generating.Sort(ById);
        for (int i = _generating.Count - 1; i > 0; i--)
        {
            int from = _generating[i - 1].Id + 1;
            int to = _generating[i].Id;
            if (!_reading.AsSpan(from..to).Contains(null))
            {
                _generating.InsertRange(i, _reading[from..to]!);
            }
        }
    }

    /// <summary>Adds rows of the first sequence that still has to repeat a failed step.</summary>
    private void AddSuspect(IReadOnlyList<Sequence> running, int preferredRows)
    {
        while (_suspects.TryPeek(out (Sequence Sequence, KvTrack Track, int End) suspect))
        {
            bool repeats = running.Contains(suspect.Sequence)
                && suspect.Sequence.PendingTrack == suspect.Track
                && suspect.Track.CachedCount < suspect.End;
            if (repeats && AddRows(suspect.Sequence, Rows.Capacity, preferredRows) > 0)
            {
                return;
            }

            _suspects.Dequeue();
        }
    }

    private static bool SharesCells(IInferenceContext context) => context.MaxSequenceLength == context.ContextSize;

    private IReadOnlyList<DraftOffer> Offers()
    {
        _offers.Clear();
        foreach (Sequence sequence in _generating)
        {
            _offers.Add(new DraftOffer(sequence.Id, sequence.Drafts));
        }

        return _offers;
    }

    /// <summary>Adds the rows of the answers that share the step, and keeps only those in the list.</summary>
    private void AddAnswers(StepPlan plan, IInferenceContext context)
    {
        _kind = StepKind.Answers;
        _isOnePass = _offers.Count == _generating.Count && _planner.Passes(_offers, plan, SharesCells(context)) == 1;
        _isForAll = plan.Sequences == _generating.Count;
        _generating.RemoveRange(plan.Sequences, _generating.Count - plan.Sequences);
        _generating.Sort(ById);
        foreach (Sequence sequence in _generating)
        {
            if (AddRows(sequence, most: 1, preferredRows: 1) > 0)
            {
                AddDrafts(sequence, plan.Rows - 1);
            }
        }
    }

    /// <summary>Adds rows for tokens that a sequence proposes, after the row of its last token.</summary>
    private void AddDrafts(Sequence sequence, int most)
    {
        ReadOnlySpan<int> drafts = most == 0 || sequence.Drafts is not { } own ? [] : own.In(sequence.Tokens);
        foreach (int token in drafts[..Math.Min(most, drafts.Length)])
        {
            sequence.DraftCount++;
            Rows.Add(token, sequence.RowTrack!.CachedCount + sequence.RowCount++, sequence.Id, output: true);
        }
    }

    /// <returns>Rows added: 0 if the stream has no room.</returns>
    private int AddRows(Sequence sequence, int most, int preferredRows)
    {
        ReadOnlySpan<int> pending = sequence.Pending;
        int count = sequence.Stream.HasRoom ? Math.Min(most, pending.Length) : 0;
        int rest = pending.Length - count;
        if (rest > 0 && most >= preferredRows)
        {
            count = WithoutShortRest(sequence, count, rest, preferredRows);
        }

        sequence.LastStep = _stepNumber;
        KvTrack track = sequence.RowTrack = sequence.PendingTrack;
        for (int i = 0; i < count; i++)
        {
            bool last = i == pending.Length - 1 && sequence.PendingEndsInOutput;
            int row = Rows.Add(pending[i], track.CachedCount + i, track.Id, last);
            if (last)
            {
                sequence.OutputRow = row;
            }
        }

        sequence.RowCount = count;
        return count;
    }

    /// <summary>
    /// With fewer rows than the engine prefers, each row costs more. So the first slice of a prompt, which has the least to attend to, also
    /// takes the rows that would be left after the last whole slice. If a rest comes up later, the last but one slice takes it.
    /// </summary>
    private int WithoutShortRest(Sequence sequence, int count, int rest, int preferredRows)
    {
        int extra = sequence.LastStep == 0 ? rest % count : rest;
        return extra == 0 || extra >= preferredRows ? count
            : count + extra <= Rows.Capacity - Rows.Count ? count + extra
            : count >= 2 * preferredRows && rest < preferredRows ? count - (preferredRows - rest)
            : count;
    }

    private enum StepKind
    {
        /// <summary>Prefills while no answer runs, or repeats a failed step.</summary>
        Other,

        /// <summary>Decodes for answers.</summary>
        Answers,

        /// <summary>Prefills while answers wait.</summary>
        Slice,
    }
}
