using System.Diagnostics;
using System.Diagnostics.Metrics;

namespace RedisInfer.Benchmarks.Throughput;

/// <summary>Records the steps of a runtime from the meters that any host can listen to. Recording allocates nothing.</summary>
internal sealed class StepLog : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly Step[] _steps = new Step[100_000];
    private long _prefilled;
    private int _count;

    public StepLog()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "RedisInfer" && instrument.Name is "redisinfer.tokens.prefilled" or "redisinfer.tokens.generated")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };

        // In each step, the generated tokens are counted last.
        _listener.SetMeasurementEventCallback<long>((instrument, value, _, _) =>
        {
            if (instrument.Name == "redisinfer.tokens.prefilled")
            {
                _prefilled = value;
            }
            else if (_count < _steps.Length)
            {
                _steps[_count] = new Step(Stopwatch.GetTimestamp(), _prefilled, value);
                Volatile.Write(ref _count, _count + 1);
            }
        });
        _listener.Start();
    }

    public ReadOnlySpan<Step> Steps => _steps.AsSpan(0, Volatile.Read(ref _count));

    public void Clear() => Volatile.Write(ref _count, 0);

    public void Dispose() => _listener.Dispose();
}
