namespace RedisInfer;

/// <summary>
/// Reads documents of one or several formats. Implementations must be thread-safe. Documents are hostile input: keep
/// <see cref="DocumentSource.Limits"/>. What a reader throws, and a reader that takes too long, costs its document, which is skipped with
/// the reason. The run continues.
/// </summary>
public interface IDocumentReader
{
    /// <summary>Whether the reader reads such documents. The first reader of <see cref="RagComponents.DocumentReaders"/> that does is used.</summary>
    /// <param name="path">Path of the document in the corpus.</param>
    /// <param name="mediaType">As for <see cref="DocumentSource.MediaType"/>.</param>
    /// <returns><see langword="true"/> if it does.</returns>
    bool CanRead(string path, string mediaType);

    /// <summary>Reads a document.</summary>
    /// <param name="source">The document.</param>
    /// <param name="cancellationToken">
    /// Cancels, also when <see cref="DocumentLimits.MaxTime"/> is over. A reader that does not observe it continues in the background.
    /// </param>
    /// <returns>The text with its structure, or the reason why the document is skipped.</returns>
    ValueTask<DocumentContent> ReadAsync(DocumentSource source, CancellationToken cancellationToken);
}
