using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;

namespace RedisInfer.Benchmarks.ContextLoad;

/// <summary>Measures what touching every byte costs: copying it, and computing its seal with each algorithm in question.</summary>
internal static class MemoryRun
{
    private const int Bytes = 4 << 20;

    // Enough blocks that neither side of a copy is in a CPU cache.
    private const int Blocks = 32;

    public static IEnumerable<string> Run(int rounds)
    {
        byte[][] from = [.. Enumerable.Range(0, Blocks).Select(_ => RandomNumberGenerator.GetBytes(Bytes))];
        byte[][] to = [.. Enumerable.Range(0, Blocks).Select(_ => new byte[Bytes])];
        byte[] key = new byte[32], nonce = new byte[12], tag = new byte[16];
        using var gcm = new AesGcm(key, tag.Length);
        yield return Figure("memcpy", rounds, i => from[i].CopyTo(to[i], 0));
        yield return Figure("aes_gmac", rounds, i => gcm.Encrypt(nonce, [], (Span<byte>)[], tag, from[i]));
        yield return Figure("hmac_sha256", rounds, i => HMACSHA256.HashData(key, from[i]));
    }

    private static string Figure(string name, int rounds, Action<int> touch)
    {
        double ms = Measured.Median(Enumerable.Range(0, rounds + 1).Select(_ =>
        {
            long started = Stopwatch.GetTimestamp();
            for (int i = 0; i < Blocks; i++)
            {
                touch(i);
            }

            return Stopwatch.GetElapsedTime(started).TotalMilliseconds;
        }));
        double perMb = ms * 1_000_000 / ((double)Blocks * Bytes);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-12} {perMb * 1000,8:0.0} us per MB"));
        return string.Create(CultureInfo.InvariantCulture, $"{name}_us_per_mb={perMb * 1000:0.0}");
    }
}
