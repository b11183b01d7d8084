using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>One state of a manifest in <see cref="ManifestMirror"/>. Never changed, so that readers need no lock.</summary>
/// <param name="Epoch">The corpus' epoch.</param>
/// <param name="Revision">The revision it is of, or older than what it holds.</param>
/// <param name="Entries">The entries by path.</param>
internal sealed record MirroredManifest(long Epoch, long Revision, Dictionary<string, ManifestEntry> Entries)
{
    public static readonly MirroredManifest Nothing = new(0, -1, []);

    /// <summary>Chunks of all documents.</summary>
    public long ChunkCount { get; } = Entries.Values.Sum(entry => (long)entry.ChunkCount);

    /// <summary>Whether it is of the same epoch and no older.</summary>
    public bool IsAtLeast(MirroredManifest other) => Epoch == other.Epoch && Revision >= other.Revision;
}
