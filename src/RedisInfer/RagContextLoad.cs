namespace RedisInfer;

/// <summary>How the retrieved context reached the engine.</summary>
/// <param name="Strategy">How stored attention states were loaded, or passages where there were none: <c>pinned</c>, <c>copying</c>, or what a
/// loader of the host's calls it; <c>none</c> where nothing was found.</param>
/// <param name="Bytes">Bytes of passages fetched from the store.</param>
public sealed record RagContextLoad(string Strategy, long Bytes)
{
    /// <summary>Why one of them was not loaded by the way that was tried first; null where they were.</summary>
    public string? Reason { get; init; }

    /// <summary>Bytes of attention states fetched from the store.</summary>
    public long StateBytes { get; init; }

    /// <summary>Prompt tokens whose attention states came from the store; those still in the context are not among them.</summary>
    public int RestoredTokens { get; init; }
}
