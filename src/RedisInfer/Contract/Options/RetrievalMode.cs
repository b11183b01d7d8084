namespace RedisInfer;

/// <summary>How passages are searched.</summary>
public enum RetrievalMode
{
    /// <summary>By words and by embedding; the two rankings are joined by rank.</summary>
    Hybrid,

    /// <summary>By the words that passage and question share. Rare words count more.</summary>
    Lexical,

    /// <summary>By the similarity of the passage's embedding to the question's.</summary>
    Vector,
}
