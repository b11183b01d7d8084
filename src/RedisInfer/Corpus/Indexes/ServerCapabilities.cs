namespace RedisInfer.Corpus.Indexes;

/// <summary>What the connected server can do, probed once per connection.</summary>
/// <param name="Product"><c>redis</c>, <c>valkey</c>, <c>garnet</c>; <c>unknown</c> if the user may not ask.</param>
/// <param name="Version">The product's version, or an empty text.</param>
/// <param name="HasVectorSets">Whether this user may use Vector Sets on it.</param>
internal sealed record ServerCapabilities(string Product, string Version, bool HasVectorSets)
{
    /// <summary>Whether it is Garnet. Its Vector Sets answer with distances and must stay out of transactions.</summary>
    public bool IsGarnet => Product == "garnet";
}
