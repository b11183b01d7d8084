namespace RedisInfer.Chunking;

/// <summary>What a block of lines is.</summary>
internal enum TextBlockKind
{
    /// <summary>Lines between blank lines.</summary>
    Paragraph,

    /// <summary>A heading, or several in a row.</summary>
    Heading,

    /// <summary>A fenced code block, fences included; may hold blank lines.</summary>
    Fence,
}
