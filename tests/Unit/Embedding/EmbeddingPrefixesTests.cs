using RedisInfer.Embedding;

namespace RedisInfer.Tests.Unit.Embedding;

public sealed class EmbeddingPrefixesTests
{
    [Theory]
    [InlineData("Qwen3 Embedding 0.6B", "model.gguf", "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery:", "")]
    [InlineData("", "/models/nomic-embed-text-v1.5.Q8_0.gguf", "search_query: ", "search_document: ")]
    [InlineData("multilingual_e5_base", "x.gguf", "query: ", "passage: ")]
    [InlineData("my model", "my.gguf", "", "")]
    public void KnownModelsGetWhatTheirCardsAskFor(string name, string path, string query, string document) =>
        Assert.Equal(new EmbeddingPrefixes(query, document), EmbeddingPrefixes.Of(name, path));
}
