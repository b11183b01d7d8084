namespace RedisInfer;

/// <summary>How passages are looked for.</summary>
public enum RetrievalMode
{
    /// <summary>By the words they share with the question and by their embedding, both joined by rank.</summary>
    Hybrid,

    /// <summary>By the words they share with the question, the rarer the better.</summary>
    Lexical,

    /// <summary>By the similarity of their embedding to the question's.</summary>
    Vector,
}
