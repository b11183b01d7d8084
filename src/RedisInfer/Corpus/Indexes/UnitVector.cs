using System.Numerics.Tensors;

namespace RedisInfer.Corpus.Indexes;

/// <summary>Scales vectors to length 1. The dot product of unit vectors is their cosine on every server.</summary>
internal static class UnitVector
{
    /// <summary>Scales a vector to length 1.</summary>
    /// <param name="vector">The vector.</param>
    /// <returns>The unit vector; <see langword="null"/> for a zero vector, which has no direction.</returns>
    /// <exception cref="ArgumentException">It holds NaN or an infinity.</exception>
    public static float[]? From(ReadOnlySpan<float> vector)
    {
        // Divide by the largest magnitude first: the squares of very large or very small numbers are not representable.
        float largest = vector.IsEmpty ? 0 : MathF.Abs(TensorPrimitives.MaxMagnitude(vector));
        if (!float.IsFinite(largest))
            throw new ArgumentException("The vector holds NaN or an infinity.", nameof(vector));
        if (largest == 0)
            return null;

        var unit = new float[vector.Length];
        TensorPrimitives.Divide(vector, largest, unit);
        TensorPrimitives.Divide(unit, TensorPrimitives.Norm<float>(unit), unit);
        return unit;
    }
}
