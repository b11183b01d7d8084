namespace RedisInfer.Redis;

/// <summary>What a vector search found.</summary>
/// <param name="Hits">The hits, best first.</param>
/// <param name="IsSnapshot">
/// Whether all hits are of the generations that were current at one instant after the search was asked for. Otherwise the
/// manifest has to decide.
/// </param>
internal sealed record VectorSearch(IReadOnlyList<VectorHit> Hits, bool IsSnapshot)
{
    public static readonly VectorSearch Nothing = new([], true);
}
