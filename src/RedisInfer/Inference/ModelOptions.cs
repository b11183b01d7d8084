namespace RedisInfer.Inference;

/// <summary>Which model to load, and how.</summary>
public sealed record ModelOptions
{
    /// <summary>Path of a GGUF file.</summary>
    public required string Path { get; init; }

    /// <summary>Number of layers to keep on a GPU. 0, the default, computes everything on the CPU.</summary>
    public int GpuLayers { get; init; }
}
