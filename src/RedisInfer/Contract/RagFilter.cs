using System.Collections.ObjectModel;

namespace RedisInfer;

/// <summary>
/// Which documents may give passages. Every condition must hold. Values are compared literally, by ordinal; nothing in them is parsed as
/// an expression.
/// </summary>
public sealed record RagFilter
{
    /// <summary>
    /// Patterns of paths, of which one must match; none: all paths. As in a <c>.gitignore</c> file: <c>*</c> stands for anything but
    /// <c>/</c>, <c>**</c> for any folders, <c>?</c> for one character, and a pattern without <c>/</c> matches in every folder.
    /// </summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Tags that the document must have, all of them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Values that the document's metadata must have.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
