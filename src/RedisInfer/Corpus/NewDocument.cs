using System.Globalization;
using RedisInfer.Corpus.Indexes;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Corpus;

/// <summary>A document to write. It is checked before anything is sent.</summary>
internal sealed class NewDocument
{
    private readonly string _contentHash;
    private readonly long _byteCount;
    private readonly DocumentLabels _labels;

    /// <summary>Checks the arguments of <see cref="CorpusStore.WriteAsync"/>.</summary>
    /// <exception cref="ArgumentException">An argument is wrong. The message says which one, and in which chunk.</exception>
    public NewDocument(
        IndexIdentity identity,
        string path,
        string contentHash,
        long byteCount,
        IReadOnlyList<ChunkWrite> chunks,
        DocumentLabels labels,
        ManifestEntry? before = null,
        bool mustBeCurrent = false)
    {
        CorpusKeys.CheckPath(path);
        ArgumentOutOfRangeException.ThrowIfNegative(byteCount);
        ArgumentOutOfRangeException.ThrowIfNegative(identity.Dimensions);
        if (!ManifestRecord.IsHash(contentHash))
            throw new ArgumentException("The content hash is not 32 lower-case hexadecimal digits.", nameof(contentHash));
        if (!ManifestRecord.IsHash(identity.TokenizerFingerprint))
            throw new ArgumentException("The tokenizer's fingerprint is not 32 lower-case hexadecimal digits.", nameof(identity));

        var unitVectors = new float[]?[chunks.Count];
        for (int i = 0; i < chunks.Count; i++)
        {
            unitVectors[i] = CheckChunk(identity, path, chunks[i], i, before);
        }

        Identity = identity;
        Path = path;
        Chunks = chunks;
        Base = mustBeCurrent || chunks.Any(chunk => chunk.Kept is not null) ? before : null;
        _labels = labels;
        UnitVectors = unitVectors;
        _contentHash = contentHash;
        _byteCount = byteCount;
    }

    public IndexIdentity Identity { get; }

    public string Path { get; }

    public IReadOnlyList<ChunkWrite> Chunks { get; }

    /// <summary>
    /// The current version of the document, if chunks of it are kept or it must not have changed; otherwise <see langword="null"/>. The write succeeds only while this
    /// version is current.
    /// </summary>
    public ManifestEntry? Base { get; }

    /// <summary>One per chunk; <see langword="null"/> if the embedding is a zero vector, or if the chunk is kept.</summary>
    public IReadOnlyList<float[]?> UnitVectors { get; }

    public ManifestEntry ToEntry(long generation, DateTimeOffset now) => new(
        Path,
        generation,
        _contentHash,
        Chunks.Count,
        Chunks.Sum(write => write.Tokens.Length),
        _byteCount,
        DateTimeOffset.FromUnixTimeMilliseconds(now.ToUnixTimeMilliseconds()),
        _labels)
    {
        Layout = ChunkLayout.Of(Chunks.Select((write, position) => write.Kept is { } kept
            ? Base!.Layout.At(kept.Position) with { LineShift = kept.LineShift }
            : new ChunkRun(generation, position, Count: 1))),
    };

    private static float[]? CheckChunk(IndexIdentity identity, string path, ChunkWrite write, int position, ManifestEntry? before)
    {
        string where = string.Create(CultureInfo.InvariantCulture, $"Chunk {position} of '{path}'");
        if (write.Chunk.Index != position)
            throw new ArgumentException($"{where} has the index {write.Chunk.Index}. Number the chunks from 0 without gaps.");
        if (write.Kept is { } kept)
        {
            return kept.Position >= 0 && kept.Position < before?.ChunkCount
                ? null
                : throw new ArgumentException($"{where} keeps chunk {kept.Position} of the current version, which has no such chunk.");
        }

        if (write.Vector.Length != identity.Dimensions)
        {
            throw new ArgumentException(string.Create(
                CultureInfo.InvariantCulture,
                $"{where} has a vector of {write.Vector.Length} dimensions, but the index has {identity.Dimensions}."));
        }

        try
        {
            return UnitVector.From(write.Vector.Span);
        }
        catch (ArgumentException e)
        {
            throw new ArgumentException($"{where} has no usable embedding: {e.Message}", e);
        }
    }
}
