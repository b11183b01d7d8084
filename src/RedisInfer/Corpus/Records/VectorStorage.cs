namespace RedisInfer.Corpus.Records;

/// <summary>Where a corpus keeps its vectors; decided at its first write and kept.</summary>
internal enum VectorStorage
{
    /// <summary>In a Vector Set, searched by the server.</summary>
    VectorSet,

    /// <summary>In one value per document, searched in this process: exact.</summary>
    Documents,

    /// <summary>Nowhere: there is no embedding.</summary>
    None,
}
