using RedisInfer.Corpus.Records;
using RedisInfer.Patterns;

namespace RedisInfer.Retrieval;

/// <summary>Decides whether a document matches a <see cref="RagFilter"/>.</summary>
internal static class FilterMatch
{
    /// <summary>Creates the predicate for documents.</summary>
    public static Func<ManifestEntry, bool> ToPredicate(RagFilter filter)
    {
        GitPattern[] patterns = [.. filter.Paths.Select(pattern => new GitPattern(pattern))];
        return entry => (patterns.Length == 0 || patterns.Any(pattern => pattern.MatchesWithin(entry.Path)))
            && filter.Tags.All(tag => entry.Labels.Tags.Contains(tag))
            && filter.Metadata.All(wanted => entry.Labels.Metadata.TryGetValue(wanted.Key, out string? value) && value == wanted.Value);
    }
}
