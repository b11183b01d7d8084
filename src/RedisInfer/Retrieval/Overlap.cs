using RedisInfer.Corpus.Records;
using RedisInfer.Prompting;

namespace RedisInfer.Retrieval;

/// <summary>Detects passages that would repeat others.</summary>
internal static class Overlap
{
    // Neighboring chunks share a paragraph on purpose. That alone is no reason to drop one.
    private const float MostSharedLines = 0.8f;

    /// <summary>Whether the passages already contain a chunk's text: the same text under the same trail, or nearly all of its lines.</summary>
    public static bool Covers(IReadOnlyList<Passage> passages, StoredChunk chunk)
    {
        int shared = 0;
        foreach (Passage passage in passages)
        {
            if (passage.Text == chunk.Text && passage.Trail == chunk.Trail)
                return true;
            if (passage.Path == chunk.Path)
            {
                int first = Math.Max(passage.StartLine, chunk.StartLine);
                int last = Math.Min(passage.EndLine, chunk.EndLine);
                shared += Math.Max(0, last - first + 1);
            }
        }

        return shared > MostSharedLines * (chunk.EndLine - chunk.StartLine + 1);
    }
}
