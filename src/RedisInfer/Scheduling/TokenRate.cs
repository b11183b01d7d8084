namespace RedisInfer.Scheduling;

/// <summary>Tokens per second over the last whole seconds. One thread adds; any thread may read.</summary>
internal sealed class TokenRate(TimeProvider time)
{
    private const int Window = 5;

    // One bucket per second, including the one being filled.
    private readonly long[] _seconds = new long[Window + 1];
    private readonly long[] _counts = new long[Window + 1];

    public void Add(int count)
    {
        long second = Now();
        int bucket = (int)(second % _seconds.Length);
        if (_seconds[bucket] != second)
        {
            _counts[bucket] = 0;
            Volatile.Write(ref _seconds[bucket], second);
        }

        _counts[bucket] += count;
    }

    public double Read()
    {
        long now = Now();
        long sum = 0;
        for (int i = 0; i < _seconds.Length; i++)
        {
            long age = now - Volatile.Read(ref _seconds[i]);
            sum += age is >= 1 and <= Window ? Volatile.Read(ref _counts[i]) : 0;
        }

        return (double)sum / Window;
    }

    // Starts after the window, so that buckets that were never used (second 0) do not count.
    private long Now() => Window + 1 + (time.GetTimestamp() / time.TimestampFrequency);
}
