using RedisInfer.Chunking;

namespace RedisInfer.Tests.Integration.Answering;

/// <summary>Cuts as the first release did: paragraphs, without trails, two in a chunk, one of them in the next chunk too.</summary>
internal sealed class OldChunker : IChunker
{
    public string Identity => "paragraph/1 max=128 overlap=1";

    public IReadOnlyList<Chunk> Split(RagDocument document, TokenCounter countTokens)
    {
        string[] paragraphs = document.Text.TrimEnd('\n').Split("\n\n");
        return
        [
            .. Enumerable.Range(0, Math.Max(1, paragraphs.Length - 1)).Select(i => new Chunk(
                i, string.Join("\n\n", paragraphs.Skip(i).Take(2)), (2 * i) + 1, (2 * Math.Min(i + 1, paragraphs.Length - 1)) + 1)),
        ];
    }
}
