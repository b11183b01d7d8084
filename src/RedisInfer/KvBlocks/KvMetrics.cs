using System.Diagnostics.Metrics;

namespace RedisInfer.KvBlocks;

/// <summary>Counts blocks, for this process and for listeners of the meter. Thread-safe.</summary>
internal sealed class KvMetrics
{
    private readonly Counter<long> _blocks;
    private readonly Counter<long> _bytes;
    private readonly long[] _counts = new long[Enum.GetValues<KvOutcome>().Length];

    /// <summary>Creates the instruments.</summary>
    /// <param name="meter">The meter of the runtime. Not disposed of.</param>
    public KvMetrics(Meter meter)
    {
        _blocks = meter.CreateCounter<long>("redisinfer.kv.blocks", "{block}", "KV blocks, by outcome.");
        _bytes = meter.CreateCounter<long>("redisinfer.kv.io", "By", "Bytes of KV blocks loaded and saved.");
    }

    /// <summary>Number of blocks with an outcome.</summary>
    public long this[KvOutcome outcome] => Interlocked.Read(ref _counts[(int)outcome]);

    public void Count(KvOutcome outcome, long bytes = 0)
    {
        Interlocked.Increment(ref _counts[(int)outcome]);
        var tag = new KeyValuePair<string, object?>("outcome", outcome.ToString());
        _blocks.Add(1, tag);
        if (bytes > 0)
            _bytes.Add(bytes, tag);
    }
}
