using System.Diagnostics;
using System.Runtime.InteropServices;
using RedisInfer.Redis;
using StackExchange.Redis;

namespace RedisInfer.Benchmarks.Retrieval;

/// <summary>The server's own commands with only a pipeline around them: the baseline for the index.</summary>
internal sealed class RawServer(IDatabase database, bool isGarnet)
{
    private static readonly RedisKey Vectors = "{raw}:vectors";

    /// <summary>Writes records and vectors.</summary>
    /// <param name="records">Values of any kind.</param>
    /// <param name="vectors">Unit vectors.</param>
    /// <param name="cancellationToken">Observed between batches.</param>
    /// <returns>The time that the writes took.</returns>
    public async Task<TimeSpan> WriteAsync(
        IReadOnlyList<byte[]> records, IReadOnlyList<float[]> vectors, CancellationToken cancellationToken)
    {
        long started = Stopwatch.GetTimestamp();
        var pipeline = new RedisPipeline(cancellationToken);
        int recordsPerVector = Math.Max(1, records.Count / vectors.Count);
        for (int i = 0; i < records.Count; i++)
        {
            await pipeline.AddAsync(database.StringSetAsync("{raw}:tokens:" + i, records[i]), records[i].Length);
            if (i % recordsPerVector == 0 && i / recordsPerVector < vectors.Count)
            {
                float[] vector = vectors[i / recordsPerVector];
                object[] arguments = isGarnet
                    ? [Vectors, "FP32", ToBlob(vector), "e" + i, "NOQUANT", "M", 32, "XDISTANCE_METRIC", "COSINE"]
                    : [Vectors, "FP32", ToBlob(vector), "e" + i, "NOQUANT"];
                await pipeline.AddAsync(database.ExecuteAsync("VADD", arguments), vector.Length * sizeof(float));
            }
        }

        await pipeline.DrainAsync();
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Searches, and returns the time in milliseconds.</summary>
    public async Task<double> SearchAsync(RedisKey vectors, float[] query, int count)
    {
        long started = Stopwatch.GetTimestamp();
        await database.ExecuteAsync(
            "VSIM", [vectors, "FP32", ToBlob(query), "WITHSCORES", "COUNT", count, "EF", isGarnet ? 500 : 200]);
        return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
    }

    private static byte[] ToBlob(float[] vector) => MemoryMarshal.AsBytes<float>(vector).ToArray();
}
