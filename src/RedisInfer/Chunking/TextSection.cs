namespace RedisInfer.Chunking;

/// <summary>Blocks under one heading, or of one type in source code. No chunk is of two sections.</summary>
/// <param name="Trail">Names of the parts that it is in, from the outermost; the last one is its own.</param>
internal sealed record TextSection(IReadOnlyList<string> Trail)
{
    /// <summary>Its blocks, in order.</summary>
    public List<TextBlock> Blocks { get; init; } = [];
}
