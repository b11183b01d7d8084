using RedisInfer.Inference;
using RedisInfer.Reuse;

namespace RedisInfer.Scheduling;

/// <summary>
/// Decides which sequences get rows of the next step: one for each that generates, and slices of the prompts that are being prefilled.
/// Used by the decode thread alone.
/// </summary>
/// <param name="capacity">Most rows of a step.</param>
/// <param name="prefillSliceSize">Most rows of a step that prefills while other sequences generate, including their rows.</param>
/// <param name="maxSequences">Sequences that run at once.</param>
internal sealed class StepBatch(int capacity, int prefillSliceSize, int maxSequences)
{
    // However many sequences generate, prompts get at least a quarter of a slice, so that each makes progress.
    private const int LeastShareOfPrompts = 4;

    private readonly StepWidth _width = new(maxSequences);

    // Sequences of a failed step, each with its track in that step and the number of tokens that the track would have held after it.
    private readonly Queue<(Sequence Sequence, KvTrack Track, int End)> _suspects = new();
    private long _stepNumber;
    private bool _generatesOnly;

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
            _suspects.Enqueue((sequence, sequence.RowTrack!, sequence.RowTrack!.CachedCount + sequence.RowCount));
        }
    }

    /// <summary>Notes how long the step took, to learn how many rows per step are fastest.</summary>
    public void Measured(TimeSpan duration)
    {
        if (_generatesOnly)
        {
            _width.Add(Rows.Count, duration);
        }
    }

    /// <summary>Lays out the next step.</summary>
    /// <param name="running">The running sequences, in the order of their admission.</param>
    /// <param name="preferredRows"><see cref="IInferenceContext.PreferredRows"/>.</param>
    public void Fill(IReadOnlyList<Sequence> running, int preferredRows)
    {
        Rows.Clear();
        _generatesOnly = false;
        _stepNumber++;
        foreach (Sequence sequence in running)
        {
            sequence.RowCount = 0;
            sequence.OutputRow = -1;
        }

        AddSuspect(running, preferredRows);
        IsRetry = Rows.Count > 0;
        if (IsRetry)
        {
            return;
        }

        // Generating sequences come first. Prompts get the rest of the batch, or of a slice if an answer waits for the step.
        AddGenerating(running);
        int generating = Rows.Count;
        int forPrompts = Rows.Capacity - generating;
        if (generating > 0)
        {
            int slice = Math.Max(prefillSliceSize - generating, prefillSliceSize / LeastShareOfPrompts);
            forPrompts = Math.Min(forPrompts, Math.Max(1, slice));
        }

        foreach (Sequence sequence in running)
        {
            if (sequence.IsReading)
            {
                forPrompts -= AddRows(sequence, forPrompts, preferredRows);
            }
        }

        _generatesOnly = Rows.Count == generating;
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

    /// <summary>
    /// Adds one token for every generating sequence. If single-row steps measure faster and nothing is prefilling, adds only the one that
    /// has waited longest.
    /// </summary>
    private void AddGenerating(IReadOnlyList<Sequence> running)
    {
        int ready = 0;
        bool isPrefilling = false;
        Sequence? longestWaiting = null;
        foreach (Sequence sequence in running)
        {
            isPrefilling |= sequence.IsReading;
            if (sequence.IsGenerating)
            {
                ready++;
                longestWaiting = longestWaiting is null || sequence.LastStep < longestWaiting.LastStep ? sequence : longestWaiting;
            }
        }

        if (longestWaiting is not null && !isPrefilling && _width.Choose(ready) == 1)
        {
            AddRows(longestWaiting, most: 1, preferredRows: 1);
            return;
        }

        foreach (Sequence sequence in running)
        {
            if (sequence.IsGenerating)
            {
                AddRows(sequence, most: 1, preferredRows: 1);
            }
        }
    }

    /// <returns>Rows added: 0 if the stream has no room.</returns>
    private int AddRows(Sequence sequence, int most, int preferredRows)
    {
        ReadOnlySpan<int> pending = sequence.Pending;
        int count = sequence.Stream.HasRoom ? Math.Min(most, pending.Length) : 0;
        int rest = pending.Length - count;
        if (rest > 0 && rest < preferredRows && count >= 2 * preferredRows)
        {
            // With fewer rows than the engine prefers, each row costs more: leave no rest that is so short.
            count -= preferredRows - rest;
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
}
