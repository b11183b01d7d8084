namespace RedisInfer.Chunking;

/// <summary>What a <see cref="CodeScope"/> declares.</summary>
internal enum CodeScopeKind
{
    /// <summary>Nothing with a name: a namespace, a module or an object. The declarations in it count as if they were outside.</summary>
    Transparent,

    /// <summary>A type.</summary>
    Type,

    /// <summary>A method, function or property.</summary>
    Member,
}
