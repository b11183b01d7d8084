namespace RedisInfer.Benchmarks.Traffic;

/// <summary>A way to keep what was computed.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Reuse">Where KV states are kept.</param>
/// <param name="Room">Bytes of KV states on the server or in the folder.</param>
internal sealed record TrafficSetting(string Name, KvReuse Reuse, long Room = 0)
{
    /// <summary>Whether answers are kept, too.</summary>
    public bool KeepsAnswers { get; init; }

    /// <summary>Whether passages are computed without each other.</summary>
    public bool IsIndependent { get; init; }
}
