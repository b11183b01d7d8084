namespace RedisInfer.Documents;

/// <summary>A document is not read. The message says why, to a person.</summary>
internal sealed class SkippedDocumentException(string reason) : Exception(reason);
