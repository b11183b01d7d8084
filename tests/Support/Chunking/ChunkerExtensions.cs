using RedisInfer.Chunking;

namespace RedisInfer.Tests.Support.Chunking;

/// <summary>Splits texts that are no documents of a folder.</summary>
public static class ChunkerExtensions
{
    /// <summary>Splits a text as a Markdown document.</summary>
    public static IReadOnlyList<Chunk> Split(this IChunker chunker, string text, TokenCounter countTokens) =>
        chunker.Split(new RagDocument("document.md", text), countTokens);
}
