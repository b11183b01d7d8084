namespace RedisInfer.Templates;

/// <summary>How execution continues after a statement.</summary>
internal enum Flow
{
    /// <summary>With the next statement.</summary>
    Next,

    /// <summary>With the next item of the loop.</summary>
    Continue,

    /// <summary>After the loop.</summary>
    Break,
}
