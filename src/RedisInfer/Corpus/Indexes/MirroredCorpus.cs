namespace RedisInfer.Corpus.Indexes;

/// <summary>One state of a corpus in <see cref="DocumentMirror{T}"/>. Never changed, so that readers need no lock.</summary>
/// <param name="Manifest">The state of the manifest that it is of.</param>
/// <param name="Documents">The documents by path.</param>
internal sealed record MirroredCorpus<T>(MirroredManifest Manifest, Dictionary<string, MirroredDocument<T>> Documents)
{
    public static readonly MirroredCorpus<T> Nothing = new(MirroredManifest.Nothing, []);
}
