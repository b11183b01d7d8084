using System.Globalization;
using System.Numerics.Tensors;

namespace RedisInfer.Corpus.Records;

/// <summary>
/// How near chunks of a corpus are to questions about something else: the distribution of the cosines. It differs from one embedding to
/// another, and tells how near is near.
/// </summary>
/// <param name="Chunks">Number of chunks that were compared.</param>
/// <param name="Mean">Mean of the cosines.</param>
/// <param name="Deviation">Their standard deviation.</param>
internal sealed record CosineSpread(long Chunks, double Mean, double Deviation)
{
    private const char Separator = ' ';

    /// <summary>Compares questions with chunks.</summary>
    /// <param name="questions">Unit vectors of questions that have nothing to do with the corpus.</param>
    /// <param name="chunks">Unit vectors of chunks; at least one.</param>
    public static CosineSpread Of(IReadOnlyList<float[]> questions, IReadOnlyList<float[]> chunks)
    {
        double[] cosines = [.. chunks.SelectMany(_ => questions, (chunk, question) => (double)TensorPrimitives.Dot<float>(question, chunk))];
        double mean = cosines.Average();
        return new CosineSpread(chunks.Count, mean, Math.Sqrt(cosines.Average(cosine => (cosine - mean) * (cosine - mean))));
    }

    /// <summary>The distribution of this one's chunks and another's together.</summary>
    public CosineSpread With(CosineSpread other)
    {
        double share = (double)other.Chunks / (Chunks + other.Chunks);
        double apart = other.Mean - Mean;
        double variance = (Deviation * Deviation * (1 - share)) + (other.Deviation * other.Deviation * share) + (apart * apart * share * (1 - share));
        return new CosineSpread(Chunks + other.Chunks, Mean + (apart * share), Math.Sqrt(variance));
    }

    /// <summary>The value of a field in the meta hash.</summary>
    /// <param name="epoch">The epoch whose vectors were compared.</param>
    public string Encode(long epoch) => string.Join(
        Separator,
        epoch.ToString(CultureInfo.InvariantCulture),
        Chunks.ToString(CultureInfo.InvariantCulture),
        Mean.ToString("R", CultureInfo.InvariantCulture),
        Deviation.ToString("R", CultureInfo.InvariantCulture));

    /// <summary>Reads a value; <see langword="null"/> if there is none, or none for the vectors of this epoch.</summary>
    public static CosineSpread? Decode(long epoch, string? value)
    {
        string[] parts = (value ?? "").Split(Separator);
        return parts.Length == 4
            && long.TryParse(parts[0], CultureInfo.InvariantCulture, out long of) && of == epoch
            && long.TryParse(parts[1], CultureInfo.InvariantCulture, out long chunks) && chunks > 0
            && double.TryParse(parts[2], CultureInfo.InvariantCulture, out double mean) && Math.Abs(mean) <= 1
            && double.TryParse(parts[3], CultureInfo.InvariantCulture, out double deviation) && deviation is > 0 and <= 1
            ? new CosineSpread(chunks, mean, deviation)
            : null;
    }
}
