namespace RedisInfer.Redis;

/// <summary>What <see cref="DocumentMirror{T}"/> holds of a document.</summary>
/// <param name="Generation">Number of the write.</param>
/// <param name="Path">The document.</param>
/// <param name="Record">The record, read.</param>
internal sealed record MirroredDocument<T>(long Generation, string Path, T Record);
