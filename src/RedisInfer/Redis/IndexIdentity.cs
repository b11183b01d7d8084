namespace RedisInfer.Redis;

/// <summary>What an index was made with. Vectors and tokens made with anything else are never mixed with it.</summary>
/// <param name="Embedding">Names the embedding and its settings, for example <c>lexical/1</c>.</param>
/// <param name="Dimensions">Length of every vector.</param>
/// <param name="TokenizerFingerprint">The generating model's vocabulary, 32 hexadecimal digits.</param>
internal sealed record IndexIdentity(string Embedding, int Dimensions, string TokenizerFingerprint);
