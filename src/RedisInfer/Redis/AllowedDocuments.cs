namespace RedisInfer.Redis;

/// <summary>The documents that a filter lets through, as of one state of the manifest.</summary>
/// <param name="Generations">The current generation of each, by path.</param>
internal sealed record AllowedDocuments(IReadOnlyDictionary<string, long> Generations)
{
    public bool Contains(in ChunkRef chunk) => Generations.GetValueOrDefault(chunk.Path) == chunk.Generation;
}
