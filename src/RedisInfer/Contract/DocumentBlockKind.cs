namespace RedisInfer;

/// <summary>What a <see cref="DocumentBlock"/> is in its document.</summary>
public enum DocumentBlockKind
{
    /// <summary>A paragraph, or any other text.</summary>
    Paragraph,

    /// <summary>A heading. It begins a section, which ends before the next heading of the same level or of a level above it.</summary>
    Heading,

    /// <summary>An item of a list, with its mark.</summary>
    ListItem,

    /// <summary>The column names of a table. They apply to the rows that follow without another kind of block between them.</summary>
    TableHeader,

    /// <summary>A row of a table, or another record that is kept whole, such as a line of JSON lines.</summary>
    TableRow,

    /// <summary>Source code, or other text whose line ends and indentation matter.</summary>
    Code,
}
