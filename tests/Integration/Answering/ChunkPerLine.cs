using RedisInfer.Chunking;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>Another chunker than the one of the library: each line is a chunk.</summary>
internal sealed class ChunkPerLine : IChunker
{
    public string Identity => "line/1";

    public IReadOnlyList<Chunk> Split(RagDocument document, TokenCounter countTokens) =>
        [.. document.Text.TrimEnd('\n').Split('\n').Select((line, i) => new Chunk(i, line, i + 1, i + 1))];
}
