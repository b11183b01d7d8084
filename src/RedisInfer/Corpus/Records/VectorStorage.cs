namespace RedisInfer.Corpus.Records;

/// <summary>Where a corpus keeps its vectors. Decided at the first write of an epoch and then kept.</summary>
internal enum VectorStorage
{
    /// <summary>In a Vector Set, searched by the server.</summary>
    VectorSet,

    /// <summary>In one value per document, searched in this process: exact.</summary>
    Documents,

    /// <summary>Nowhere: the corpus has no embedding.</summary>
    None,
}
