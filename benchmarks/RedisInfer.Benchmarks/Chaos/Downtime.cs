using System.Diagnostics;

namespace RedisInfer.Benchmarks.Chaos;

/// <summary>When the server could not be reached, including the time that a client has to find it again. Thread-safe.</summary>
internal sealed class Downtime
{
    /// <summary>After the server is back, a question may still fail for this long: the client tries to connect every few seconds.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromSeconds(10);

    private static readonly long GraceTicks = (long)(Grace.TotalSeconds * Stopwatch.Frequency);

    private readonly Lock _gate = new();
    private readonly List<(long From, long Until)> _periods = [];
    private long _running = long.MaxValue;

    /// <summary>The server may be away from now on.</summary>
    public void Begin()
    {
        lock (_gate)
            _running = Stopwatch.GetTimestamp();
    }

    /// <summary>The server is back, or was not away at all.</summary>
    public void End(bool wasAway)
    {
        lock (_gate)
        {
            if (wasAway)
                _periods.Add((_running, Stopwatch.GetTimestamp() + GraceTicks));
            _running = long.MaxValue;
        }
    }

    /// <summary>Whether the server was up, and had been for a while, during the whole period.</summary>
    public bool WasUp(long from, long until)
    {
        lock (_gate)
            return until < _running && _periods.All(period => until < period.From || from > period.Until);
    }
}
