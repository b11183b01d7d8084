namespace RedisInfer.Scheduling;

/// <summary>
/// Chooses how generating sequences share steps: all in one, or one after another. Decides by how long earlier steps took. If reading the
/// weights takes most of the time, further rows cost little. But some CPUs' kernels for two or three rows take longer than as many steps
/// of one row each. Pure.
/// </summary>
internal sealed class StepWidth
{
    /// <summary>Steps after which the other choice is measured again: sequences get longer, and other load changes.</summary>
    internal const int ProbeInterval = 256;

    // Measurements to remember. The quickest of them counts, because any disturbance makes a step longer.
    private const int Remembered = 4;

    // Factor by which one after another must be faster. With less gain, all share a step.
    private const double LeastGain = 1.05;

    private readonly Measured[] _byRows;
    private long _steps;

    /// <summary>Starts without measurements.</summary>
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
    /// <param name="ready">Sequences that are ready to decode a token.</param>
    /// <returns><paramref name="ready"/>, or 1.</returns>
    public int Choose(int ready)
    {
        if (ready <= 1 || IsDue(ready))
        {
            return ready;
        }

        return IsDue(1) || ready * _byRows[1].Quickest * LeastGain < _byRows[ready].Quickest ? 1 : ready;
    }

    /// <summary>Records the duration of a step that computed nothing but one row of each of some sequences.</summary>
    /// <param name="rows">Number of sequences.</param>
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
