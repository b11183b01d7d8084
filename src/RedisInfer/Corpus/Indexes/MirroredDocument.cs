using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>What <see cref="DocumentMirror{T}"/> holds of a document.</summary>
/// <param name="Entry">The manifest's entry of the document.</param>
/// <param name="Record">The loaded record.</param>
internal sealed record MirroredDocument<T>(ManifestEntry Entry, T Record);
