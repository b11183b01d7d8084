namespace RedisInfer.Chunking;

/// <summary>Kind of a block of lines.</summary>
internal enum TextBlockKind
{
    /// <summary>Lines between blank lines.</summary>
    Paragraph,

    /// <summary>A heading, or several in a row.</summary>
    Heading,

    /// <summary>A fenced code block, including its fences. May contain blank lines.</summary>
    Fence,
}
