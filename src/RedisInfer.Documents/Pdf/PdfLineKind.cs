namespace RedisInfer.Documents.Pdf;

/// <summary>What a line is part of.</summary>
internal enum PdfLineKind
{
    /// <summary>Running text.</summary>
    Text,

    /// <summary>The first row of a table.</summary>
    TableHeader,

    /// <summary>A further row of a table.</summary>
    TableRow,
}
