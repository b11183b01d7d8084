using Microsoft.Extensions.AI;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;
using RedisInfer.Errors;

namespace RedisInfer.Embedding;

/// <summary>
/// An embedding generator with its identity, the length of its vectors, and the prefixes of its texts. May have no generator; passages are
/// then found by words only.
/// </summary>
internal sealed class TextEmbedder : IDisposable
{
    private readonly IEmbeddingGenerator<string, Embedding<float>>? _generator;
    private readonly EmbeddingPrefixes _prefixes;
    private IReadOnlyList<float[]>? _unrelated;

    private TextEmbedder(
        IEmbeddingGenerator<string, Embedding<float>>? generator, string identity, int dimensions, EmbeddingPrefixes prefixes)
    {
        _generator = generator;
        _prefixes = prefixes;
        Identity = identity;
        Dimensions = dimensions;
    }

    /// <summary>No embedding; the vectors are empty.</summary>
    public static TextEmbedder None { get; } = new(null, IndexIdentity.NoEmbedding, 0, EmbeddingPrefixes.None);

    /// <summary>
    /// Name of provider, model and document prefix. An index that was made with one identity cannot be read with another.
    /// </summary>
    public string Identity { get; }

    /// <summary>Length of the vectors; 0 if there is no embedding.</summary>
    public int Dimensions { get; }

    /// <summary>Wraps a generator. If its metadata has no vector length, embeds a short text to find it.</summary>
    public static async Task<TextEmbedder> CreateAsync(
        IEmbeddingGenerator<string, Embedding<float>> generator, EmbeddingPrefixes prefixes, CancellationToken cancellationToken)
    {
        var metadata = generator.GetService(typeof(EmbeddingGeneratorMetadata)) as EmbeddingGeneratorMetadata;
        string[] names = [metadata?.ProviderName ?? generator.GetType().Name, metadata?.DefaultModelId ?? "", prefixes.Document];
        string identity = string.Join('/', names.Where(name => name.Length > 0));
        int dimensions = metadata?.DefaultModelDimensions ?? 0;
        if (dimensions == 0)
        {
            ReadOnlyMemory<float> vector = await generator.GenerateVectorAsync("length", cancellationToken: cancellationToken)
                .ConfigureAwait(false);
            dimensions = vector.Length;
        }

        return new TextEmbedder(generator, identity, dimensions, prefixes);
    }

    /// <summary>Embeds texts of documents.</summary>
    /// <param name="texts">The texts.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>One vector of <see cref="Dimensions"/> numbers per text.</returns>
    public Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(IReadOnlyList<string> texts, CancellationToken cancellationToken) =>
        EmbedAsync(_prefixes.Document, texts, cancellationToken);

    /// <summary>Embeds questions.</summary>
    /// <param name="questions">The questions.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>One vector of <see cref="Dimensions"/> numbers per question.</returns>
    public Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedQuestionsAsync(
        IReadOnlyList<string> questions, CancellationToken cancellationToken) =>
        EmbedAsync(_prefixes.Query, questions, cancellationToken);

    /// <summary>Embeds <see cref="UnrelatedQuestions"/>, once.</summary>
    /// <returns>Unit vectors.</returns>
    public async Task<IReadOnlyList<float[]>> EmbedUnrelatedAsync(CancellationToken cancellationToken)
    {
        if (_unrelated is null)
        {
            IReadOnlyList<ReadOnlyMemory<float>> vectors =
                await EmbedAsync(_prefixes.Query, UnrelatedQuestions.All, cancellationToken).ConfigureAwait(false);
            _unrelated = [.. vectors.Select(vector => UnitVector.From(vector.Span)).OfType<float[]>()];
        }

        return _unrelated;
    }

    public void Dispose() => _generator?.Dispose();

    private async Task<IReadOnlyList<ReadOnlyMemory<float>>> EmbedAsync(
        string prefix, IReadOnlyList<string> texts, CancellationToken cancellationToken)
    {
        if (_generator is null)
            return new ReadOnlyMemory<float>[texts.Count];

        IEnumerable<string> prefixed = prefix.Length == 0 ? texts : texts.Select(text => prefix + text);
        GeneratedEmbeddings<Embedding<float>> embeddings =
            await GenerateAsync(_generator, prefixed, cancellationToken).ConfigureAwait(false);
        if (embeddings.Count != texts.Count)
        {
            throw Mismatch($"returned {embeddings.Count} vectors for {texts.Count} texts");
        }

        var vectors = new ReadOnlyMemory<float>[embeddings.Count];
        for (int i = 0; i < vectors.Length; i++)
        {
            vectors[i] = embeddings[i].Vector;
            if (vectors[i].Length != Dimensions)
            {
                throw Mismatch($"returned a vector of {vectors[i].Length} numbers instead of {Dimensions}");
            }
        }

        return vectors;
    }

    /// <summary>A generator of the host may block, so it runs on a thread of the host's pool.</summary>
    private static Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEmbeddingGenerator<string, Embedding<float>> generator, IEnumerable<string> texts, CancellationToken cancellationToken) =>
        generator is ModelEmbeddingGenerator
            ? generator.GenerateAsync(texts, cancellationToken: cancellationToken)
            : Task.Run(() => generator.GenerateAsync(texts, cancellationToken: cancellationToken), cancellationToken);

    private RedisInferException Mismatch(string what) => new(
        RedisInferErrorCode.IndexMismatch, $"The embedding generator '{Identity}' {what}. Its vectors cannot be indexed or searched.");
}
