namespace RedisInfer.Scheduling;

/// <summary>
/// How many of those who generate share a step: all, or one after another, by what steps have taken. Where reading the weights takes the
/// time, further rows cost little. But some CPUs' kernels for two or three rows take longer than as many steps of one row each. Pure.
/// </summary>
internal sealed class StepWidth
{
    /// <summary>Steps after which the way that isn't taken is tried again: callers get deeper, and neighbours come and go.</summary>
    internal const int ProbeInterval = 256;

    // Of so many steps the quickest counts, because whatever disturbs a step makes it longer.
    private const int Remembered = 4;

    // What one after another must save at least: together is what batching is for.
    private const double LeastGain = 1.05;

    private readonly Measured[] _byRows;
    private long _steps;

    /// <summary>Nothing is measured yet.</summary>
    /// <param name="maxRows">Most sequences that generate at once.</param>
    public StepWidth(int maxRows)
    {
        _byRows = new Measured[maxRows + 1];
        for (int rows = 0; rows <= maxRows; rows++)
        {
            _byRows[rows] = new Measured();
        }
    }

    /// <summary>Chooses the rows of the next step.</summary>
    /// <param name="ready">Sequences that can take a step.</param>
    /// <returns><paramref name="ready"/>, or 1.</returns>
    public int Choose(int ready)
    {
        if (ready <= 1 || IsDue(ready))
        {
            return ready;
        }

        return IsDue(1) || ready * _byRows[1].Quickest * LeastGain < _byRows[ready].Quickest ? 1 : ready;
    }

    /// <summary>Takes note of a step in which nothing but one row of each of some sequences was computed.</summary>
    /// <param name="rows">The sequences.</param>
    /// <param name="time">How long it took.</param>
    public void Add(int rows, TimeSpan time) => _byRows[rows].Add(time, ++_steps);

    private bool IsDue(int rows) => _byRows[rows] is var measured && (measured.Count == 0 || _steps - measured.LastStep >= ProbeInterval);

    private sealed class Measured
    {
        private readonly TimeSpan[] _times = new TimeSpan[Remembered];

        public int Count { get; private set; }

        public long LastStep { get; private set; }

        public TimeSpan Quickest { get; private set; }

        public void Add(TimeSpan time, long step)
        {
            _times[Count++ % Remembered] = time;
            LastStep = step;
            Quickest = TimeSpan.MaxValue;
            foreach (TimeSpan known in _times.AsSpan(0, Math.Min(Count, Remembered)))
            {
                Quickest = known < Quickest ? known : Quickest;
            }
        }
    }
}
