namespace RedisInfer;

/// <summary>How the retrieved context reached the engine.</summary>
public sealed class RagContextLoad
{
    /// <summary>
    /// How stored KV states were loaded, or passages if no state was: <c>pinned</c>, <c>copying</c>, or the name that a loader of the host
    /// gives. <c>none</c> if nothing was found.
    /// </summary>
    public required string Strategy { get; init; }

    /// <summary>Bytes of passages fetched from the store.</summary>
    public long Bytes { get; init; }

    /// <summary>Why one of them was not loaded by the strategy that was tried first; <see langword="null"/> if all were.</summary>
    public string? Reason { get; init; }

    /// <summary>Bytes of KV states fetched from the store.</summary>
    public long StateBytes { get; init; }

    /// <summary>Prompt tokens whose KV states came from the store, not from the context.</summary>
    public int RestoredTokens { get; init; }
}
