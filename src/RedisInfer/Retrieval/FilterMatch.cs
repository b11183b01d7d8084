using MAB.DotIgnore;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Retrieval;

/// <summary>Decides whether a document matches a <see cref="RagFilter"/>.</summary>
internal static class FilterMatch
{
    /// <summary>Throws if a filter is invalid.</summary>
    /// <exception cref="ArgumentException">
    /// A pattern or value is null; or a pattern is empty, or begins with <c>!</c> or <c>#</c>.
    /// </exception>
    public static void ThrowIfInvalid(RagFilter filter)
    {
        if (filter.Paths is null || filter.Tags is null || filter.Metadata is null
            || filter.Tags.Contains(null!) || filter.Metadata.Values.Contains(null!))
        {
            throw new ArgumentException("The filter contains null: leave out conditions that do not apply.");
        }

        foreach (string? pattern in filter.Paths)
        {
            if (string.IsNullOrWhiteSpace(pattern) || pattern[0] is '!' or '#')
                throw new ArgumentException($"'{pattern}' is not a path pattern: use one such as guides/**/*.md.");
            try
            {
                _ = new IgnoreRule(pattern);
            }
            catch (ArgumentException e)
            {
                throw new ArgumentException($"'{pattern}' is not a path pattern: {e.Message}", e);
            }
        }
    }

    /// <summary>Creates the predicate for documents.</summary>
    public static Func<ManifestEntry, bool> ToPredicate(RagFilter filter)
    {
        IgnoreRule[] patterns = [.. filter.Paths.Select(pattern => new IgnoreRule(pattern))];
        return entry => (patterns.Length == 0 || patterns.Any(pattern => pattern.IsMatch("/" + entry.Path, pathIsDirectory: false)))
            && filter.Tags.All(tag => entry.Labels.Tags.Contains(tag))
            && filter.Metadata.All(wanted => entry.Labels.Metadata.TryGetValue(wanted.Key, out string? value) && value == wanted.Value);
    }
}
