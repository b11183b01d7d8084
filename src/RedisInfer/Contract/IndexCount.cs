namespace RedisInfer;

/// <summary>Size of a corpus.</summary>
/// <param name="Documents">Number of documents.</param>
/// <param name="Chunks">Number of chunks in all documents.</param>
/// <param name="Tokens">Number of tokens in all chunks.</param>
public sealed record IndexCount(long Documents, long Chunks, long Tokens);
