namespace RedisInfer.Inference;

/// <summary>
/// The port to the engine that runs models. The product's implementation is llama.cpp; a host can supply another. Members may be called
/// from several threads at once.
/// </summary>
public interface IInferenceEngine
{
    /// <summary>Name and release of the engine, for example <c>llama.cpp v0.4.0</c>. It is part of every stored fingerprint.</summary>
    string Name { get; }

    /// <summary>Estimates the memory of a model and its context from the file's header alone. Nothing is loaded.</summary>
    /// <param name="model">The model.</param>
    /// <param name="context">The context that would be created.</param>
    /// <returns>The estimate in bytes. Compute buffers come in addition.</returns>
    /// <exception cref="Errors.RedisInferException"><see cref="Errors.RedisInferErrorCode.ModelNotLoadable"/>.</exception>
    MemoryEstimate EstimateMemory(ModelOptions model, ContextOptions context);

    /// <summary>Loads a model's weights.</summary>
    /// <param name="options">Which model, and how.</param>
    /// <param name="progress">Receives the share that is loaded, 0 to 1; may be called from any thread.</param>
    /// <param name="cancellationToken">Stops the load and frees what was loaded.</param>
    /// <returns>The model. The caller disposes of it, after every context created from it.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.ModelNotLoadable"/>, <see cref="Errors.RedisInferErrorCode.NativeLibraryMissing"/> or
    /// <see cref="Errors.RedisInferErrorCode.NativeAbiMismatch"/>.
    /// </exception>
    Task<IInferenceModel> LoadModelAsync(ModelOptions options, IProgress<float>? progress, CancellationToken cancellationToken);

    /// <summary>Loads a model's vocabulary without its weights, for a process that indexes and searches but does not answer.</summary>
    /// <param name="options">Which model.</param>
    /// <param name="cancellationToken">Stops the load and frees what was loaded.</param>
    /// <returns>
    /// The tokenizer, with the fingerprint that the whole model's has; the caller disposes of it. <see langword="null"/>, the default: the
    /// engine cannot, so the whole model is loaded.
    /// </returns>
    /// <exception cref="Errors.RedisInferException">As for <see cref="LoadModelAsync"/>.</exception>
    Task<LoadedTokenizer?> LoadTokenizerAsync(ModelOptions options, CancellationToken cancellationToken) =>
        Task.FromResult<LoadedTokenizer?>(null);
}
