using RedisInfer.Chunking;
using RedisInfer.Corpus;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Indexing;

/// <summary>
/// Finds the stored chunks whose text and trail are also in the new text of a document, at any position. These chunks are not tokenized, embedded or
/// written again.
/// </summary>
internal sealed class KeptChunks
{
    public static readonly KeptChunks Nothing = new(null, []);

    private readonly StoredChunk?[] _stored;
    private readonly Dictionary<(string Trail, string Text, int? Page), Queue<int>> _byText = [];

    private KeptChunks(ManifestEntry? before, StoredChunk?[] stored)
    {
        Before = before;
        _stored = stored;
        for (int position = 0; position < stored.Length; position++)
        {
            if (stored[position] is not { } chunk)
                continue;
            (string, string, int?) key = (chunk.Trail, chunk.Text, chunk.Page);
            if (!_byText.TryGetValue(key, out Queue<int>? positions))
                _byText.Add(key, positions = new Queue<int>());
            positions.Enqueue(position);
        }
    }

    /// <summary>The stored document; <see langword="null"/>: no chunks are kept.</summary>
    public ManifestEntry? Before { get; }

    /// <summary>Reads the stored chunks of a document.</summary>
    public static async Task<KeptChunks> OfAsync(
        CorpusStore store, IndexIdentity identity, ManifestEntry before, CancellationToken cancellationToken) =>
        new(before, await store.ReadDocumentAsync(identity.TokenizerFingerprint, before, cancellationToken).ConfigureAwait(false));

    /// <summary>Matches chunks with stored chunks, and takes those.</summary>
    /// <param name="chunks">The chunks of the new text.</param>
    /// <returns>
    /// One entry per chunk; <see langword="null"/> if the chunk must be written. All are <see langword="null"/> if the kept chunks would
    /// form too many runs.
    /// </returns>
    public (KeptChunk Chunk, StoredChunk Stored)?[] Take(IReadOnlyList<Chunk> chunks)
    {
        var taken = new (KeptChunk Chunk, StoredChunk Stored)?[chunks.Count];
        for (int i = 0; i < taken.Length; i++)
        {
            if (!_byText.TryGetValue((chunks[i].Trail, chunks[i].Text, chunks[i].Page), out Queue<int>? positions) || !positions.TryDequeue(out int position))
                continue;
            StoredChunk stored = _stored[position]!;
            if (stored.EndLine - stored.StartLine == chunks[i].EndLine - chunks[i].StartLine)
            {
                int shift = Before!.Layout.At(position).LineShift + chunks[i].StartLine - stored.StartLine;
                taken[i] = (new KeptChunk(position, shift), stored);
            }
        }

        // Runs of kept chunks, with a run of written chunks between any two.
        ChunkLayout kept = ChunkLayout.Of(taken.Select((chunk, i) => chunk is { } known
            ? Before!.Layout.At(known.Chunk.Position) with { LineShift = known.Chunk.LineShift }
            : new ChunkRun(long.MaxValue, i, Count: 1)));
        return kept.Runs.Count <= ChunkLayout.MaxRuns ? taken : new (KeptChunk Chunk, StoredChunk Stored)?[chunks.Count];
    }
}
