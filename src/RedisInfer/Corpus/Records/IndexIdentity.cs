namespace RedisInfer.Corpus.Records;

/// <summary>What an index was made with. It never mixes with vectors, tokens or chunks that were made with anything else.</summary>
/// <param name="Embedding">The name of the embedding with its settings, for example <c>lexical/1</c>, or <see cref="NoEmbedding"/>.</param>
/// <param name="Dimensions">Length of every vector; 0 without an embedding.</param>
/// <param name="TokenizerFingerprint">Fingerprint of the generating model's vocabulary: 32 hexadecimal digits.</param>
internal sealed record IndexIdentity(string Embedding, int Dimensions, string TokenizerFingerprint)
{
    /// <summary>The name of the embedding in a corpus that is searched by words alone.</summary>
    public const string NoEmbedding = "none";

    /// <summary>The chunker of corpora that do not name theirs.</summary>
    public const string FirstChunker = "paragraph/1";

    /// <summary>Name and version of the chunker, without its settings.</summary>
    public string Chunker { get; init; } = FirstChunker;

    /// <summary>The part of a chunker's identity that decides which corpora it can be used with: all before the first space.</summary>
    public static string ChunkerOf(string identity) => identity.Split(' ', 2)[0];
}
