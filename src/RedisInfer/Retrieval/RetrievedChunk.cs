using RedisInfer.Redis;

namespace RedisInfer.Retrieval;

/// <summary>A chunk that a search found, with its stored tokens.</summary>
/// <param name="Stored">The chunk.</param>
/// <param name="Document">What the manifest says of its document.</param>
/// <param name="Score">Cosine similarity to the question, -1 to 1; of a neighbour, that of the chunk it stands beside.</param>
internal sealed record RetrievedChunk(StoredChunk Stored, ManifestEntry Document, float Score)
{
    public string Path => Stored.Path;

    public int Index => Stored.Index;

    public int StartLine => Stored.StartLine;

    public int EndLine => Stored.EndLine;

    public string Text => Stored.Text;

    public ReadOnlyMemory<int> Tokens => Stored.Tokens;

    public long Bytes => Stored.Bytes;
}
