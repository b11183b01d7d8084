namespace RedisInfer.Documents;

/// <summary>Reads documents of one format. Implementations have no state.</summary>
internal interface IDocumentFormat
{
    /// <summary>The media types of the format.</summary>
    IReadOnlyList<string> MediaTypes { get; }

    /// <summary>Reads a document. Any exception means that it cannot be read.</summary>
    /// <param name="document">Its bytes.</param>
    /// <param name="output">Receives the text.</param>
    /// <param name="budget">The limits of this reading.</param>
    /// <exception cref="SkippedDocumentException">It is not read, for the reason in the message.</exception>
    void Read(ReadOnlyMemory<byte> document, StructuredText output, ReadingBudget budget);
}
