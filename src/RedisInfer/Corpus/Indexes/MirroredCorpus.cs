namespace RedisInfer.Corpus.Indexes;

/// <summary>One state of a corpus in <see cref="DocumentMirror{T}"/>. It never changes, so readers need no lock.</summary>
/// <param name="Manifest">The state of the manifest that it belongs to.</param>
/// <param name="Documents">The documents by path.</param>
internal sealed record MirroredCorpus<T>(MirroredManifest Manifest, Dictionary<string, MirroredDocument<T>> Documents)
{
    public static readonly MirroredCorpus<T> Nothing = new(MirroredManifest.Nothing, []);
}
