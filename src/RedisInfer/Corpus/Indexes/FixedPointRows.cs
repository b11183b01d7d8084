using System.Numerics.Tensors;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace RedisInfer.Corpus.Indexes;

/// <summary>
/// Unit vectors as 16-bit fixed-point numbers, with one scale per row. The upper bytes are in one array, the lower bytes in another. A
/// search reads the upper bytes, a quarter of the size of floats. It reads the lower bytes of the few best rows only.
/// </summary>
internal sealed class FixedPointRows
{
    // This limit keeps the rounded upper byte within ±127.
    private const int LargestComponent = 127 << 8;

    // With this limit, a row of 32,768 dimensions cannot overflow a lane of 32 bits.
    private const int LargestQueryComponent = 4095;

    private readonly int _dimensions;
    private readonly sbyte[] _upper;
    private readonly sbyte[] _lower;
    private readonly float[] _scales;

    /// <summary>Converts rows.</summary>
    /// <param name="indexes">The position of each row's chunk in the document.</param>
    /// <param name="rows">The unit vectors, one after another.</param>
    /// <param name="dimensions">Length of a row.</param>
    public FixedPointRows(int[] indexes, ReadOnlySpan<float> rows, int dimensions)
    {
        Indexes = indexes;
        _dimensions = dimensions;
        _upper = new sbyte[rows.Length];
        _lower = new sbyte[rows.Length];
        _scales = new float[indexes.Length];
        for (int row = 0; row < indexes.Length; row++)
        {
            ReadOnlySpan<float> vector = rows.Slice(row * dimensions, dimensions);
            float scale = MathF.Abs(TensorPrimitives.MaxMagnitude(vector)) / LargestComponent;
            _scales[row] = scale;
            for (int i = 0; i < dimensions && scale > 0; i++)
            {
                int value = (int)MathF.Round(vector[i] / scale);
                int upper = (value + 128) >> 8;
                _upper[(row * dimensions) + i] = (sbyte)upper;
                _lower[(row * dimensions) + i] = (sbyte)(value - (upper << 8));
            }
        }
    }

    /// <summary>The position of each row's chunk in the document.</summary>
    public int[] Indexes { get; }

    /// <summary>Bytes of memory per row.</summary>
    public static long BytesPerRow(int dimensions) => (2L * dimensions) + sizeof(int) + sizeof(float);

    /// <summary>Converts a unit vector to the form that <see cref="Estimate"/> compares rows with.</summary>
    public static short[] ToQuery(ReadOnlySpan<float> vector)
    {
        float scale = MathF.Abs(TensorPrimitives.MaxMagnitude(vector)) / LargestQueryComponent;
        var query = new short[vector.Length];
        for (int i = 0; i < query.Length; i++)
        {
            query[i] = (short)MathF.Round(vector[i] / scale);
        }

        return query;
    }

    /// <summary>The cosine from the upper bytes alone, times a factor that depends on the query only. Right to some hundredths.</summary>
    public float Estimate(int row, ReadOnlySpan<short> query) =>
        Dot(query, _upper.AsSpan(row * _dimensions, _dimensions)) * _scales[row] * (1 << 8);

    /// <summary>The cosine, right to some hundred-thousandths.</summary>
    public float Cosine(int row, ReadOnlySpan<float> query)
    {
        ReadOnlySpan<sbyte> upper = _upper.AsSpan(row * _dimensions, _dimensions);
        ReadOnlySpan<sbyte> lower = _lower.AsSpan(row * _dimensions, _dimensions);
        double sum = 0;
        for (int i = 0; i < query.Length; i++)
        {
            sum += query[i] * (double)((upper[i] << 8) + lower[i]);
        }

        return (float)Math.Clamp(sum * _scales[row], -1, 1);
    }

    private static long Dot(ReadOnlySpan<short> query, ReadOnlySpan<sbyte> row)
    {
        ref short queryStart = ref MemoryMarshal.GetReference(query);
        ref sbyte rowStart = ref MemoryMarshal.GetReference(row);
        int i = 0;
        long sum = 0;
        if (Avx2.IsSupported)
        {
            Vector256<int> sums = Vector256<int>.Zero;
            for (; i <= row.Length - Vector256<short>.Count; i += Vector256<short>.Count)
            {
                Vector256<short> wide = Avx2.ConvertToVector256Int16(Vector128.LoadUnsafe(ref rowStart, (nuint)i));
                sums += Avx2.MultiplyAddAdjacent(wide, Vector256.LoadUnsafe(ref queryStart, (nuint)i));
            }

            (Vector256<long> first, Vector256<long> second) = Vector256.Widen(sums);
            sum = Vector256.Sum(first + second);
        }
        else if (Vector128.IsHardwareAccelerated)
        {
            Vector128<int> sums = Vector128<int>.Zero;
            for (; i <= row.Length - Vector128<short>.Count; i += Vector128<short>.Count)
            {
                Vector128<short> wide = Vector128.WidenLower(Vector128.CreateScalarUnsafe(
                    MemoryMarshal.Read<long>(MemoryMarshal.AsBytes(row.Slice(i, Vector128<short>.Count)))).AsSByte());
                Vector128<short> asked = Vector128.LoadUnsafe(ref queryStart, (nuint)i);
                sums += (Vector128.WidenLower(wide) * Vector128.WidenLower(asked))
                    + (Vector128.WidenUpper(wide) * Vector128.WidenUpper(asked));
            }

            (Vector128<long> first, Vector128<long> second) = Vector128.Widen(sums);
            sum = Vector128.Sum(first + second);
        }

        for (; i < row.Length; i++)
        {
            sum += query[i] * row[i];
        }

        return sum;
    }
}
