using System.Buffers.Binary;

namespace RedisInfer.Tests.Support.Gguf;

/// <summary>
/// SplitMix64 (Steele, Lea, Flood: "Fast splittable pseudorandom number generators", 2014). System.Random cannot be used: it may
/// change between releases, but the bytes of a test model may not. Only exact operations are applied to the numbers, so every
/// platform makes the same weights.
/// </summary>
public sealed class ModelRandom
{
    private ulong _state;

    public ModelRandom(ulong seed) => _state = seed;

    /// <summary>
    /// The stream of one part (a row, a chunk) of one tensor. Its values depend neither on the tensors before it nor on how often the
    /// model is written.
    /// </summary>
    public ModelRandom(ulong seed, string tensor, long part)
    {
        unchecked
        {
            ulong hash = 14695981039346656037;
            foreach (char c in tensor)
                hash = (hash ^ c) * 1099511628211;
            _state = (seed ^ hash) + ((ulong)part * 0xD1B54A32D192ED03);
        }
    }

    public ulong NextUInt64()
    {
        unchecked
        {
            _state += 0x9E3779B97F4A7C15;
            ulong z = _state;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Uniform in [-1, 1), a multiple of 2^-23.</summary>
    public float NextSigned() => ((int)(NextUInt64() >> 40) - (1 << 23)) * (1f / (1 << 23));

    /// <summary>Fills a span with uniform values of the given standard deviation.</summary>
    public void Fill(Span<float> destination, float standardDeviation)
    {
        // A uniform variable on [-1, 1) has variance 1/3.
        float scale = standardDeviation * MathF.Sqrt(3);
        foreach (ref float value in destination)
            value = NextSigned() * scale;
    }

    /// <summary>Fills a span with random bytes. Its length must be a multiple of 8.</summary>
    public void Fill(Span<byte> destination)
    {
        for (int i = 0; i < destination.Length; i += sizeof(ulong))
            BinaryPrimitives.WriteUInt64LittleEndian(destination[i..], NextUInt64());
    }
}
