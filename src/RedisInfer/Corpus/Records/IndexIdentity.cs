namespace RedisInfer.Corpus.Records;

/// <summary>What an index was made with. Vectors and tokens made with anything else are never mixed with it.</summary>
/// <param name="Embedding">Names the embedding and its settings, for example <c>lexical/1</c>; <see cref="NoEmbedding"/>.</param>
/// <param name="Dimensions">Length of every vector; 0 without an embedding.</param>
/// <param name="TokenizerFingerprint">The generating model's vocabulary, 32 hexadecimal digits.</param>
internal sealed record IndexIdentity(string Embedding, int Dimensions, string TokenizerFingerprint)
{
    /// <summary>Stands for the embedding of a corpus that is searched by words alone.</summary>
    public const string NoEmbedding = "none";
}
