namespace RedisInfer.Scheduling.Drafts;

/// <summary>
/// Chooses the step that gives the most tokens for its time: how many of the answers share it, and how many tokens each proposes. Those that
/// have waited longest come first, so each gets a token at least every so many steps as there are answers. Pure.
/// </summary>
/// <param name="maxRows">Most rows of a step.</param>
/// <param name="maxSequences">Sequences that run at once.</param>
internal sealed class StepPlanner(int maxRows, int maxSequences)
{
    // Factor by which a step must be better than one row of each. With less gain, all share a step.
    private const double LeastGain = 1.05;

    private readonly StepCosts _costs = new(Math.Max(maxRows, maxSequences));
    private readonly List<PassRows> _left = new(maxSequences);

    /// <summary>Chooses the next step.</summary>
    /// <param name="waiting">The answers that are ready for a token, those that have waited longest first.</param>
    /// <param name="sharesCells">Whether any rows are computed in one pass.</param>
    /// <param name="time">
    /// Time until a prompt has its turn: all answers share the step, and it ends in that time if they propose tokens. <see langword="null"/>: no
    /// prompt waits.
    /// </param>
    public StepPlan Choose(IReadOnlyList<DraftOffer> waiting, bool sharesCells, TimeSpan? time = null)
    {
        int all = waiting.Count;
        var plain = new StepPlan(all, 1);
        if (all == 0 || _costs.IsDue(all, all))
        {
            return plain;
        }

        if (time is null && _costs.IsDue(1, 1))
        {
            return new StepPlan(1, 1);
        }

        double leastRate = all / Seconds(waiting, plain, sharesCells) * LeastGain;
        StepPlan best = plain;
        for (int sequences = time is null ? 1 : all; sequences <= all; sequences++)
        {
            int most = Math.Min(maxRows / sequences, 1 + MostDrafts(waiting, sequences));
            for (int rows = sequences == 1 ? 1 : 2; rows <= most; rows++)
            {
                var plan = new StepPlan(sequences, rows);
                double seconds = Seconds(waiting, plan, sharesCells);
                double rate = Expected(waiting, plan) / seconds;
                (best, leastRate) = rate > leastRate && seconds <= (time?.TotalSeconds ?? double.MaxValue) ? (plan, rate) : (best, leastRate);
            }
        }

        return best;
    }

    /// <summary>Records how long a step took, if it was one pass.</summary>
    /// <param name="sequences">Number of its sequences.</param>
    /// <param name="rows">Number of its rows.</param>
    /// <param name="time">How long it took.</param>
    public void Measured(int sequences, int rows, TimeSpan time) => _costs.Add(sequences, rows, time);

    /// <summary>Number of passes that a step is computed in.</summary>
    /// <param name="waiting">The answers that are ready for a token.</param>
    /// <param name="plan">The step.</param>
    /// <param name="sharesCells">Whether any rows are computed in one pass.</param>
    public int Passes(IReadOnlyList<DraftOffer> waiting, StepPlan plan, bool sharesCells) => Divide(waiting, plan, sharesCells).Passes;

    private static double Expected(IReadOnlyList<DraftOffer> waiting, StepPlan plan)
    {
        double tokens = 0;
        for (int i = 0; i < plan.Sequences; i++)
        {
            tokens += waiting[i].Drafts?.Expected(plan.Rows) ?? 1;
        }

        return tokens;
    }

    private static int MostDrafts(IReadOnlyList<DraftOffer> waiting, int sequences)
    {
        int most = 0;
        for (int i = 0; i < sequences; i++)
        {
            most = Math.Max(most, waiting[i].Count);
        }

        return most;
    }

    private double Seconds(IReadOnlyList<DraftOffer> waiting, StepPlan plan, bool sharesCells) => Divide(waiting, plan, sharesCells).Seconds;

    /// <summary>
    /// Divides a step into passes as llama.cpp does. If each sequence has cells of its own, a pass has equal numbers of rows of sequences whose
    /// ids follow each other without a gap.
    /// </summary>
    private (int Passes, double Seconds) Divide(IReadOnlyList<DraftOffer> waiting, StepPlan plan, bool sharesCells)
    {
        _left.Clear();
        int sum = 0;
        for (int i = 0; i < plan.Sequences; i++)
        {
            int rows = Math.Min(plan.Rows, 1 + waiting[i].Count);
            _left.Add(new PassRows(waiting[i].Id, rows));
            sum += rows;
        }

        if (sharesCells)
        {
            return (1, _costs.Seconds(plan.Sequences, sum));
        }

        _left.Sort();
        int passes = 0;
        double seconds = 0;
        while (_left.Count > 0)
        {
            int length = 1;
            int least = _left[0].Rows;
            while (length < _left.Count && _left[length].Id == _left[length - 1].Id + 1)
            {
                least = Math.Min(least, _left[length++].Rows);
            }

            passes++;
            seconds += _costs.Seconds(length, length * least);
            for (int i = 0; i < length; i++)
            {
                _left[i] = _left[i] with { Rows = _left[i].Rows - least };
            }

            _left.RemoveAll(rows => rows.Rows == 0);
        }

        return (passes, seconds);
    }

    private readonly record struct PassRows(int Id, int Rows) : IComparable<PassRows>
    {
        public int CompareTo(PassRows other) => Id.CompareTo(other.Id);
    }
}
