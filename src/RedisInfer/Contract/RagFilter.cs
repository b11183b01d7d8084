using System.Collections.ObjectModel;

namespace RedisInfer;

/// <summary>
/// Selects the documents that may supply passages. All conditions must hold. Values are compared ordinally and literally; no value is
/// parsed as an expression. Each kind of condition takes at most 256 entries.
/// </summary>
public sealed record RagFilter
{
    /// <summary>
    /// Path patterns of at most 1024 characters, of which at least one must match. Empty: all paths. The syntax is that of a
    /// <c>.gitignore</c> file:
    /// <list type="bullet">
    /// <item><c>*</c> matches any characters except <c>/</c>.</item>
    /// <item><c>**</c> matches any folders.</item>
    /// <item><c>?</c> matches one character.</item>
    /// <item>A pattern without <c>/</c> matches in every folder.</item>
    /// </list>
    /// </summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Tags that the document must have; all of them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Metadata names and values that the document must have; all of them.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;
}
