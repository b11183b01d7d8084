namespace RedisInfer.Folders;

/// <summary>Reads documents of certain media types. Members may be called from several threads at once.</summary>
internal interface IDocumentReader
{
    /// <summary>Whether it reads documents of a media type.</summary>
    /// <param name="mediaType">For example <c>text/markdown</c>; <see cref="MediaTypes.Unknown"/> if the name says nothing.</param>
    bool CanRead(string mediaType);

    /// <summary>Reads a document.</summary>
    /// <param name="stream">The document's bytes; seekable, at position 0. The caller disposes of it.</param>
    /// <param name="identifier">The document's path in the corpus.</param>
    /// <param name="mediaType">One that <see cref="CanRead"/> accepts.</param>
    /// <param name="cancellationToken">Cancels.</param>
    /// <returns>The content, or the reason why there is none.</returns>
    /// <exception cref="IOException">The stream cannot be read.</exception>
    ValueTask<DocumentContent> ReadAsync(Stream stream, string identifier, string mediaType, CancellationToken cancellationToken);
}
