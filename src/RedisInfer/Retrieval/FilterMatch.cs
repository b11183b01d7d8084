using MAB.DotIgnore;
using RedisInfer.Corpus.Records;

namespace RedisInfer.Retrieval;

/// <summary>Decides whether a document matches a <see cref="RagFilter"/>.</summary>
internal static class FilterMatch
{
    // Each condition is asked of each document. A pattern as long as the longest path of a document can name it.
    private const int MaxConditions = 256;
    private const int MaxPatternLength = 1024;

    /// <summary>Throws if a filter is invalid.</summary>
    /// <exception cref="ArgumentException">
    /// A pattern or value is null; or a pattern is empty, too long, or begins with <c>!</c> or <c>#</c>. Or there are too many conditions.
    /// </exception>
    public static void ThrowIfInvalid(RagFilter filter)
    {
        if (filter.Paths is null || filter.Tags is null || filter.Metadata is null
            || filter.Tags.Contains(null!) || filter.Metadata.Values.Contains(null!))
        {
            throw new ArgumentException("The filter contains null: leave out conditions that do not apply.");
        }

        ThrowIfTooMany(nameof(filter.Paths), filter.Paths.Count);
        ThrowIfTooMany(nameof(filter.Tags), filter.Tags.Count);
        ThrowIfTooMany(nameof(filter.Metadata), filter.Metadata.Count);
        foreach (string? pattern in filter.Paths)
        {
            if (pattern?.Length > MaxPatternLength)
                throw new ArgumentException($"A path pattern has {pattern.Length} characters: use at most {MaxPatternLength}.");
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

    private static void ThrowIfTooMany(string conditions, int count)
    {
        if (count > MaxConditions)
            throw new ArgumentException($"{conditions} of the filter has {count} entries: use at most {MaxConditions}.");
    }
}
