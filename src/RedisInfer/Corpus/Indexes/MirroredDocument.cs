using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>What <see cref="DocumentMirror{T}"/> holds of a document.</summary>
/// <param name="Entry">What the manifest says of it.</param>
/// <param name="Record">What was loaded.</param>
internal sealed record MirroredDocument<T>(ManifestEntry Entry, T Record);
