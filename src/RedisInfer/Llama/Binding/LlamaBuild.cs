namespace RedisInfer.Llama.Binding;

/// <summary>The build of llama.cpp that a binding has opened.</summary>
public sealed record LlamaBuild
{
    /// <summary>
    /// Name and release, for example <c>llama.cpp v0.4.0</c>. It is part of every stored fingerprint. So it must differ between builds whose
    /// KV states or embeddings differ.
    /// </summary>
    public required string Name { get; init; }

    /// <summary>Where its libraries are: a folder or a file.</summary>
    public required string Location { get; init; }

    /// <summary>Whether it can compute on a GPU (<c>llama_supports_gpu_offload</c>).</summary>
    public required bool SupportsGpu { get; init; }

    /// <summary>Maximum number of sequences of a context (<c>llama_max_parallel_sequences</c>).</summary>
    public required int MaxSequences { get; init; }
}
