namespace RedisInfer;

/// <summary>What an <see cref="IDocumentReader"/> reads.</summary>
/// <param name="Stream">The document's bytes; seekable, at position 0. The reader does not dispose of it.</param>
/// <param name="Path">Path of the document in the corpus.</param>
/// <param name="MediaType">Its media type by its content or its name, as for <see cref="MediaTypes"/>.</param>
/// <param name="Limits">The limits to keep.</param>
public sealed record DocumentSource(Stream Stream, string Path, string MediaType, DocumentLimits Limits);
