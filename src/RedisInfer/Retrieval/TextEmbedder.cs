using Microsoft.Extensions.AI;
using RedisInfer.Errors;

namespace RedisInfer.Retrieval;

/// <summary>
/// An embedding generator with what an index has to know about it: its identity and the length of its vectors.
/// </summary>
internal sealed class TextEmbedder : IDisposable
{
    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;

    private TextEmbedder(IEmbeddingGenerator<string, Embedding<float>> generator, string identity, int dimensions)
    {
        _generator = generator;
        Identity = identity;
        Dimensions = dimensions;
    }

    /// <summary>Names provider and model, for example <c>lexical/1</c>. An index made under one is not read under another.</summary>
    public string Identity { get; }

    /// <summary>Length of the vectors.</summary>
    public int Dimensions { get; }

    /// <summary>Takes a generator; one that does not say how long its vectors are embeds a short text to find out.</summary>
    public static async Task<TextEmbedder> CreateAsync(
        IEmbeddingGenerator<string, Embedding<float>> generator, CancellationToken cancellationToken)
    {
        var metadata = generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        string[] names = [metadata?.ProviderName ?? generator.GetType().Name, metadata?.DefaultModelId ?? ""];
        string identity = string.Join('/', names.Where(name => name.Length > 0));
        int dimensions = metadata?.DefaultModelDimensions ?? 0;
        if (dimensions == 0)
        {
            ReadOnlyMemory<float> vector = await generator.GenerateVectorAsync("length", cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            dimensions = vector.Length;
        }

        return new TextEmbedder(generator, identity, dimensions);
    }

    /// <summary>Embeds texts.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>One vector a text, of <see cref="Dimensions"/> numbers.</returns>
    public async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(
        IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        GeneratedEmbeddings<Embedding<float>> embeddings =
            await _generator.GenerateAsync(texts, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (embeddings.Count != texts.Count)
        {
            throw Mismatch($"gave {embeddings.Count} vectors for {texts.Count} texts");
        }

        var vectors = new ReadOnlyMemory<float>[embeddings.Count];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = embeddings[i].Vector;
            if (vectors[i].Length != Dimensions)
            {
                throw Mismatch($"gave a vector of {vectors[i].Length} numbers in place of {Dimensions}");
            }
        }

        return vectors;
    }

    public void Dispose() => _generator.Dispose();

    private RedisInferException Mismatch(string what) => new(
        RedisInferErrorCode.IndexMismatch, $"The embedding generator '{Identity}' {what}. Its vectors cannot be indexed or searched.");
}
