using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;
using RedisInfer.Inference;

namespace RedisInfer.Retrieval;

/// <summary>
/// Embeddings by an embedding model of the inference engine (GGUF with pooling). Members may be called from several threads
/// at once; texts are computed one batch after another. Disposes of its context, not of the model.
/// </summary>
internal sealed class LlamaEmbeddingGenerator : IEmbeddingGenerator<string, Embedding<float>>
{
    /// <summary>Creates the generator and its context.</summary>
    /// <param name="model">A loaded embedding model; it must outlive the generator.</param>
    /// <param name="threads">Compute threads; 0: as many as there are CPUs.</param>
    /// <param name="logger">Gets a warning for every text that had to be cut.</param>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.ModelNotLoadable"/>: no embedding model.</exception>
    public LlamaEmbeddingGenerator(IInferenceModel model, int threads, ILogger logger)
    {
        _ = (model, threads, logger);
        throw new NotImplementedException();
    }

    /// <summary>Names model and settings, to be stored with the index.</summary>
    public string Identity => throw new NotImplementedException();

    /// <summary>Length of the vectors.</summary>
    public int Dimensions => throw new NotImplementedException();

    /// <inheritdoc/>
    public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(
        IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
        throw new NotImplementedException();

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => throw new NotImplementedException();

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
