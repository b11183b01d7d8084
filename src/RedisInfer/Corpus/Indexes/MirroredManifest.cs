using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>One state of the manifest in <see cref="ManifestMirror"/>. It never changes, so readers need no lock.</summary>
/// <param name="Epoch">The corpus' epoch.</param>
/// <param name="Revision">The revision of this state. The entries may be newer.</param>
/// <param name="Entries">The entries by path.</param>
internal sealed record MirroredManifest(long Epoch, long Revision, Dictionary<string, ManifestEntry> Entries)
{
    public static readonly MirroredManifest Nothing = new(0, -1, []);

    /// <summary>Chunks of all documents.</summary>
    public long ChunkCount { get; } = Entries.Values.Sum(entry => (long)entry.ChunkCount);

    /// <summary>Whether this state is of the same epoch and not older.</summary>
    public bool IsAtLeast(MirroredManifest other) => Epoch == other.Epoch && Revision >= other.Revision;
}
