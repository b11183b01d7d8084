namespace RedisInfer.Embedding;

/// <summary>Prefixes that an embedding model was trained with. Without them, its retrieval quality is lower.</summary>
/// <param name="Query">Prefix of a question.</param>
/// <param name="Document">Prefix of a document's text; part of an index's identity.</param>
internal sealed record EmbeddingPrefixes(string Query, string Document)
{
    public static readonly EmbeddingPrefixes None = new("", "");

    // From the model cards.
    private static readonly (string Name, EmbeddingPrefixes Prefixes)[] Known =
    [
        ("qwen3-embedding", new("Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:", "")),
        ("nomic-embed", new("search_query: ", "search_document: ")),
        ("multilingual-e5", new("query: ", "passage: ")),
        ("e5-small", new("query: ", "passage: ")),
        ("e5-base", new("query: ", "passage: ")),
        ("e5-large", new("query: ", "passage: ")),
        ("bge-small-en", new("Represent this sentence for searching relevant passages: ", "")),
        ("bge-base-en", new("Represent this sentence for searching relevant passages: ", "")),
        ("bge-large-en", new("Represent this sentence for searching relevant passages: ", "")),
        ("mxbai-embed", new("Represent this sentence for searching relevant passages: ", "")),
        ("snowflake-arctic-embed", new("Represent this sentence for searching relevant passages: ", "")),
    ];

    /// <summary>Prefixes of a model, by the name in its file or else the name of the file; none if the model is unknown.</summary>
    public static EmbeddingPrefixes Of(string modelName, string modelPath)
    {
        string[] names = [Normal(modelName), Normal(Path.GetFileName(modelPath))];
        return Known.FirstOrDefault(known => names.Any(name => name.Contains(known.Name, StringComparison.Ordinal))).Prefixes ?? None;
    }

    private static string Normal(string name) => name.ToLowerInvariant().Replace(' ', '-').Replace('_', '-');
}
