namespace RedisInfer.Folders;

/// <summary>Reads documents of certain media types. Implementations must be thread-safe.</summary>
internal interface IDocumentReader
{
    /// <summary>Whether the reader supports a media type.</summary>
    /// <param name="mediaType">For example <c>text/markdown</c>; <see cref="MediaTypes.Unknown"/> if the file name does not tell.</param>
    bool CanRead(string mediaType);

    /// <summary>Reads a document.</summary>
    /// <param name="stream">The document's bytes; seekable, at position 0. The caller disposes of it.</param>
    /// <param name="identifier">Path of the document in the corpus.</param>
    /// <param name="mediaType">A media type that <see cref="CanRead"/> accepts.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The content, or the reason why the document is skipped.</returns>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    ValueTask<DocumentContent> ReadAsync(Stream stream, string identifier, string mediaType, CancellationToken cancellationToken);
}
