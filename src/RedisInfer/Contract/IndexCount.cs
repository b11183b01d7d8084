namespace RedisInfer;

/// <summary>How much is indexed.</summary>
/// <param name="Documents">Documents.</param>
/// <param name="Chunks">Chunks of all documents.</param>
/// <param name="Tokens">Tokens of all chunks.</param>
public sealed record IndexCount(long Documents, long Chunks, long Tokens);
