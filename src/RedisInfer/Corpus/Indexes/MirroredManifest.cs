using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus.Indexes;

/// <summary>One state of the manifest in <see cref="ManifestMirror"/>. It never changes, so readers need no lock.</summary>
/// <param name="Number">Rises with each state that this process loads. It orders them; revisions may go back.</param>
/// <param name="Meta">The corpus.</param>
/// <param name="Revision">The revision of this state. The entries may be newer.</param>
/// <param name="Entries">The entries by path.</param>
internal sealed record MirroredManifest(long Number, CorpusMeta? Meta, long Revision, Dictionary<string, ManifestEntry> Entries)
{
    public static readonly MirroredManifest Nothing = new(0, null, -1, []);

    /// <summary>Size of all documents.</summary>
    public CorpusSize Size { get; } = CorpusSize.Of(Entries.Values);

    /// <summary>Chunks of all documents.</summary>
    public long ChunkCount => Size.Chunks;

    /// <summary>Whether this state is of the same corpus and not older.</summary>
    public bool IsAtLeast(MirroredManifest other) => Meta == other.Meta && Number >= other.Number;
}
