namespace RedisInfer;

/// <summary>How passages and KV states were loaded from the store.</summary>
public sealed class RagContextLoad
{
    /// <summary>
    /// How KV blocks were loaded, or passages if no KV block was: <c>mapped</c> from a file, <c>pinned</c>, <c>copying</c>, or the
    /// name that a context loader of the host uses. <c>none</c> if nothing was loaded.
    /// </summary>
    public required string Strategy { get; init; }

    /// <summary>Bytes of passages loaded from the store.</summary>
    public long Bytes { get; init; }

    /// <summary>Why a value was not loaded by the strategy that was tried first; <see langword="null"/> if all were.</summary>
    public string? Reason { get; init; }

    /// <summary>Bytes of KV blocks loaded from the store.</summary>
    public long StateBytes { get; init; }

    /// <summary>
    /// Prompt tokens whose KV states were restored from the store. Tokens that were in the KV cache already do not count.
    /// </summary>
    public int RestoredTokens { get; init; }
}
