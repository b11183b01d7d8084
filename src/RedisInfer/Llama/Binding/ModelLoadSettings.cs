namespace RedisInfer.Llama.Binding;

/// <summary>How a binding loads a model. Everything else keeps llama.cpp's defaults.</summary>
public sealed record ModelLoadSettings
{
    /// <summary>Number of layers to keep on a GPU. 0: no GPU is used for anything.</summary>
    public required int GpuLayers { get; init; }

    /// <summary>Whether only the vocabulary is loaded.</summary>
    public required bool VocabularyOnly { get; init; }

    /// <summary>Whether <c>tokenizer.ggml.add_space_prefix</c> of the file is overridden with false.</summary>
    public required bool WithoutSpacePrefix { get; init; }

    /// <summary>
    /// Called on any thread with the share that is loaded, 0 to 1. If it returns <see langword="false"/>, the load stops. Never throws.
    /// </summary>
    public required Func<float, bool> Continue { get; init; }
}
