using System.Globalization;

namespace RedisInfer.Benchmarks;

/// <summary>The share of good cases among all cases counted.</summary>
internal sealed class Share
{
    private int _good;
    private int _all;

    public bool Add(bool good)
    {
        _all++;
        _good += good ? 1 : 0;
        return good;
    }

    public override string ToString() =>
        _all == 0 ? "nan" : ((double)_good / _all).ToString("0.000", CultureInfo.InvariantCulture);
}
