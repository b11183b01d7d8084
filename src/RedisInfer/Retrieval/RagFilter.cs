using System.Collections.ObjectModel;
using MAB.DotIgnore;
using RedisInfer.Redis;

namespace RedisInfer.Retrieval;

/// <summary>
/// Which documents may give passages. All that is said here must hold. Values are compared as they are, by ordinal; nothing in them is
/// read as an expression.
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

    /// <summary>Refuses patterns that are none.</summary>
    /// <exception cref="ArgumentException">A pattern or value is null, or a pattern is empty, or begins with <c>!</c> or <c>#</c>.</exception>
    internal void ThrowIfInvalid()
    {
        if (Paths is null || Tags is null || Metadata is null || Tags.Contains(null!) || Metadata.Values.Contains(null!))
            throw new ArgumentException("The filter holds null: leave out what it should not say.");
        foreach (string? pattern in Paths)
        {
            if (string.IsNullOrWhiteSpace(pattern) || pattern[0] is '!' or '#')
                throw new ArgumentException($"'{pattern}' is no pattern of paths: give one such as guides/**/*.md.");
            try
            {
                _ = new IgnoreRule(pattern);
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"'{pattern}' is no pattern of paths: {e.Message}", e);
            }
        }
    }

    /// <summary>What decides about a document.</summary>
    internal Func<ManifestEntry, bool> ToPredicate()
    {
        IgnoreRule[] patterns = [.. Paths.Select(pattern => new IgnoreRule(pattern))];
        return entry => (patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch("/" + entry.Path, pathIsDirectory: false)))
            && Tags.All(tag => entry.Labels.Tags.Contains(tag))
            && Metadata.All(wanted => entry.Labels.Metadata.TryGetValue(wanted.Key, out string? value) && value == wanted.Value);
    }
}
