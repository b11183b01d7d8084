using Microsoft.Extensions.AI;

namespace RedisInfer.Retrieval;

/// <summary>
/// Embeds texts by the words in them, without a model: near are texts that share rare words, compounds and pairs of words. It
/// knows nothing of meaning: "car" and "vehicle" are as far apart as any two words. Made for English and for source code; other
/// languages are read too, without stems and stop words.
/// </summary>
/// <remarks>
/// <para>
/// Every feature is hashed to one dimension and a sign (K. Weinberger et al., "Feature Hashing for Large Scale Multitask
/// Learning", 2009), repeated features count for less each time, and the vector has length 1. A text without words gives the
/// zero vector, whose similarity to everything is 0.
/// </para>
/// <para>
/// The same text gives the same vector on every machine but for rounding, always: a change of the algorithm is a change of
/// <see cref="ModelId"/>. Members may be called from several threads at once; there is nothing to dispose of.
/// </para>
/// </remarks>
public sealed class LexicalEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Names the algorithm.</summary>
    public const string ModelId = "lexical/1";

    /// <summary>Length of the vectors if nothing else is said.</summary>
    public const int DefaultDimensions = 1024;

    private const int MinDimensions = 64;
    private const int MaxDimensions = 16_384;
    private const float Saturation = 1.0f;

    private readonly EmbeddingGeneratorMetadata _metadata;
    private readonly int _dimensions;

    /// <summary>Creates a generator.</summary>
    /// <param name="dimensions">Length of the vectors, from 64 to 16384. Fewer mean more features that share a dimension.</param>
    /// <exception cref="ArgumentOutOfRangeException">The number of dimensions is out of range.</exception>
    public LexicalEmbeddingGenerator(int dimensions = DefaultDimensions)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(dimensions, MinDimensions);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(dimensions, MaxDimensions);
        _dimensions = dimensions;
        _metadata = new EmbeddingGeneratorMetadata("RedisInfer", null, ModelId, dimensions);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentException">The options ask for another model or for another number of dimensions.</exception>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (options?.Dimensions is { } dimensions && dimensions != _dimensions)
            throw new ArgumentException($"This generator makes vectors of {_dimensions} dimensions, not {dimensions}.", nameof(options));
        if (options?.ModelId is { } model && model != ModelId)
            throw new ArgumentException($"This generator is '{ModelId}', not '{model}'.", nameof(options));

        var reader = new LexicalReader();
        GeneratedEmbeddings<Embedding<float>> embeddings = [];
        foreach (string value in values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            embeddings.Add(new Embedding<float>(Embed(reader, value)) { ModelId = ModelId });
        }

        return Task.FromResult(embeddings);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(EmbeddingGeneratorMetadata))
            return _metadata;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Does nothing: there is nothing to dispose of.</summary>
    public void Dispose()
    {
    }

    private float[] Embed(LexicalReader reader, string text)
    {
        float[] vector = new float[_dimensions];
        ReadOnlySpan<LexicalFeature> features = reader.Read(text);
        for (int i = 0; i < features.Length;)
        {
            int first = i;
            while (i < features.Length && features[i].Hash == features[first].Hash)
                i++;
            // Sorted by weight too, so the last is the heaviest. Counts saturate as in BM25.
            float count = i - first;
            float value = features[i - 1].Weight * count * (1 + Saturation) / (count + Saturation);
            ulong hash = features[first].Hash;
            // The sign is from another bit than the index, which takes the low ones.
            vector[hash % (ulong)_dimensions] += hash >> 63 == 0 ? value : -value;
        }

        Normalise(vector);
        return vector;
    }

    private static void Normalise(float[] vector)
    {
        // One by one and in double: a sum in vector registers would round differently from machine to machine.
        double squares = 0;
        foreach (float value in vector)
            squares += (double)value * value;
        if (squares == 0)
            return;
        double scale = 1 / Math.Sqrt(squares);
        for (int i = 0; i < vector.Length; i++)
            vector[i] = (float)(vector[i] * scale);
    }
}
