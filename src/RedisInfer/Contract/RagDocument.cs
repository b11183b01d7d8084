using System.Collections.ObjectModel;

namespace RedisInfer;

/// <summary>A document to index.</summary>
/// <param name="Path">Its name in the corpus and in citations: relative, with <c>/</c> between folders; any characters.</param>
/// <param name="Text">Its text, any line ends.</param>
public sealed record RagDocument(string Path, string Text)
{
    /// <summary>Tags, for questions to filter by.</summary>
    public IReadOnlyCollection<string> Tags { get; init; } = [];

    /// <summary>Values by name, for questions to filter by.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
