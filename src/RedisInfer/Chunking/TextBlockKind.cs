namespace RedisInfer.Chunking;

/// <summary>Kind of a block of lines.</summary>
internal enum TextBlockKind
{
    /// <summary>Lines between blank lines.</summary>
    Paragraph,

    /// <summary>A heading.</summary>
    Heading,

    /// <summary>A fenced code block with its fences, or other text that is kept whole where it fits. May contain blank lines.</summary>
    Fence,

    /// <summary>An item of a list.</summary>
    ListItem,

    /// <summary>The column names of a table.</summary>
    TableHeader,

    /// <summary>A row of a table, or another record.</summary>
    TableRow,
}
