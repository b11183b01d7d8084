namespace RedisInfer.Llama.Binding;

/// <summary>
/// Calls one build of llama.cpp. <see cref="LlamaEngine"/> does the rest over any binding: it checks arguments, tracks sequences, and saves and
/// loads KV states. So a binding only passes on what it is given. It never throws for what llama.cpp refuses.
/// </summary>
public interface ILlamaBinding
{
    /// <summary>Name of the engine without its release, for example <c>llama.cpp</c>. Metrics report it as the provider.</summary>
    string EngineName { get; }

    /// <summary>Opens llama.cpp's libraries, or returns what was opened before. May be called from several threads at once.</summary>
    /// <param name="log">Receives llama.cpp's log, from any thread. It must be set before llama.cpp logs anything.</param>
    /// <returns>What was opened.</returns>
    /// <exception cref="Errors.RedisInferException">
    /// <see cref="Errors.RedisInferErrorCode.NativeLibraryMissing"/> or <see cref="Errors.RedisInferErrorCode.NativeAbiMismatch"/>.
    /// </exception>
    LlamaBuild Open(LlamaLogReceiver log);

    /// <summary>Loads a model (<c>llama_model_load_from_file</c>). Called after <see cref="Open"/>.</summary>
    /// <param name="path">Path of a GGUF file whose header was checked.</param>
    /// <param name="settings">How to load it.</param>
    /// <returns>The model; <see langword="null"/> if llama.cpp refused.</returns>
    BoundModel? LoadModel(string path, ModelLoadSettings settings);
}
