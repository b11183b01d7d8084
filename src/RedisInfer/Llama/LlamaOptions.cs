namespace RedisInfer.Llama;

/// <summary>Where <see cref="LlamaEngine"/> finds llama.cpp.</summary>
internal sealed record LlamaOptions
{
    /// <summary>
    /// A folder with llama.cpp's shared libraries of one build, for example a build for a GPU. Any build with the binary interface of
    /// v0.4.0 works. Other builds are refused when they are opened. <see langword="null"/>, the default, takes the libraries of the
    /// package. One process can hold one build.
    /// </summary>
    public string? NativeLibraryDirectory { get; init; }
}
