using System.Collections.ObjectModel;

namespace RedisInfer;

/// <summary>A document to index.</summary>
/// <param name="Path">Its name in the corpus and in citations: relative, with <c>/</c> as separator; any characters, at most 1024.</param>
/// <param name="Text">Its text, with any line ends.</param>
public sealed record RagDocument(string Path, string Text)
{
    /// <summary>Tags that a <see cref="RagFilter"/> can select by: at most 256 of at most 1024 characters.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>Metadata values by name that a <see cref="RagFilter"/> can select by. The limits are those of <see cref="Tags"/>.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
