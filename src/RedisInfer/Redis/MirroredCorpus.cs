namespace RedisInfer.Redis;

/// <summary>One state of a corpus in <see cref="DocumentMirror{T}"/>. Never changed, so that readers need no lock.</summary>
/// <param name="Epoch">The corpus' epoch.</param>
/// <param name="Revision">The revision it is of, or older than what it holds.</param>
/// <param name="Documents">The documents by path.</param>
internal sealed record MirroredCorpus<T>(long Epoch, long Revision, Dictionary<string, MirroredDocument<T>> Documents);
