namespace RedisInfer.Chunking;

/// <summary>A declaration with a body in source code.</summary>
/// <param name="Kind">What is declared.</param>
/// <param name="Name">Its name; empty if it has none.</param>
/// <param name="First">Its first line, from 0, with the comments and attributes above it.</param>
internal sealed record CodeScope(CodeScopeKind Kind, string Name, int First)
{
    /// <summary>Its last line, from 0, inclusive.</summary>
    public int Last { get; set; } = int.MaxValue;

    /// <summary>The declarations in it, in order.</summary>
    public List<CodeScope> Inner { get; } = [];
}
