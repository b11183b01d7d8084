namespace RedisInfer.Scheduling.Drafts;

/// <summary>
/// How long passes of the answers take, by their rows, as measured lately. If reading the weights takes most of the time, further rows cost
/// little. But some CPUs' kernels for two or three rows take longer than as many passes of one row each. Pure.
/// </summary>
internal sealed class StepCosts
{
    /// <summary>Passes after which a measurement is too old: sequences get longer, and other load changes.</summary>
    internal const int ProbeInterval = 256;

    // Measurements to remember. The quickest of them counts, because any disturbance makes a pass longer.
    private const int Remembered = 4;

    // Before it is measured: what a further row costs, as a part of a pass of one row.
    private const double RowShare = .25;

    // What is estimated is estimated a little too low, so that it is tried.
    private const double Optimism = .9;

    // A pass of one sequence reads the cells of one; a pass of several reads those of all.
    private readonly Measured[] _alone;
    private readonly Measured[] _together;
    private long _passes;

    /// <summary>Starts without measurements.</summary>
    /// <param name="maxRows">Most rows of a pass.</param>
    public StepCosts(int maxRows)
    {
        _alone = [.. Enumerable.Range(0, maxRows + 1).Select(_ => new Measured())];
        _together = [.. Enumerable.Range(0, maxRows + 1).Select(_ => new Measured())];
    }

    /// <summary>Records how long a pass took.</summary>
    /// <param name="sequences">Number of its sequences.</param>
    /// <param name="rows">Number of its rows.</param>
    /// <param name="time">How long it took.</param>
    public void Add(int sequences, int rows, TimeSpan time) => Of(sequences)[rows].Add(time, ++_passes);

    /// <summary>Whether a pass should be measured, since it was not, or too long ago.</summary>
    public bool IsDue(int sequences, int rows) => !IsKnown(Of(sequences)[rows]);

    /// <summary>How long a pass takes, in seconds: measured, or estimated from passes with fewer and more rows.</summary>
    /// <param name="sequences">Number of its sequences.</param>
    /// <param name="rows">Number of its rows.</param>
    public double Seconds(int sequences, int rows)
    {
        Measured[] measured = Of(sequences);
        int fewer = rows;
        while (fewer > 0 && !IsKnown(measured[fewer]))
        {
            fewer--;
        }

        if (fewer == rows)
        {
            return Quickest(measured[rows]);
        }

        double perRow = RowShare * (IsKnown(_alone[1]) ? Quickest(_alone[1]) : fewer > 0 ? Quickest(measured[fewer]) / fewer : 1);
        int more = Array.FindIndex(measured, rows, IsKnown);
        double low = fewer > 0 ? Quickest(measured[fewer]) : perRow / RowShare;
        int from = Math.Max(fewer, 1);
        double slope = more > 0 ? Math.Max(0, Quickest(measured[more]) - low) / (more - from) : perRow;
        return Optimism * (low + ((rows - from) * slope));
    }

    private static double Quickest(Measured measured) => measured.Quickest.TotalSeconds;

    private bool IsKnown(Measured measured) => measured.Count > 0 && _passes - measured.LastPass < ProbeInterval;

    private Measured[] Of(int sequences) => sequences == 1 ? _alone : _together;

    private sealed class Measured
    {
        private readonly TimeSpan[] _times = new TimeSpan[Remembered];

        public int Count { get; private set; }

        public long LastPass { get; private set; }

        public TimeSpan Quickest { get; private set; }

        public void Add(TimeSpan time, long pass)
        {
            _times[Count++ % Remembered] = time;
            LastPass = pass;
            Quickest = TimeSpan.MaxValue;
            foreach (TimeSpan known in _times.AsSpan(0, Math.Min(Count, Remembered)))
            {
                Quickest = known < Quickest ? known : Quickest;
            }
        }
    }
}
