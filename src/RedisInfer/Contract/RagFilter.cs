using System.Collections.ObjectModel;
using RedisInfer.Patterns;

namespace RedisInfer;

/// <summary>
/// Selects the documents that may supply passages. All conditions must hold. Values are compared ordinally and literally; no value is
/// parsed as an expression. Each kind of condition takes at most 256 entries.
/// </summary>
public sealed record RagFilter
{
    // Each condition is asked of each document.
    private const int MaxConditions = 256;

    /// <summary>
    /// Path patterns of at most 1024 characters, of which at least one must match the document or a folder that contains it. Empty: all
    /// paths. A pattern means what it means in a <c>.gitignore</c> file at the root of the corpus:
    /// <list type="bullet">
    /// <item><c>*</c> matches any characters except <c>/</c>, <c>?</c> one character, and <c>[a-z]</c> one of a set.</item>
    /// <item><c>**</c> as a whole folder name matches any folders.</item>
    /// <item>A pattern without <c>/</c>, or with one at its end only, matches in every folder. Any other matches from the root.</item>
    /// <item>A pattern that ends in <c>/</c> matches folders only.</item>
    /// <item><c>\</c> makes the next character literal.</item>
    /// </list>
    /// What Git has no meaning for, such as <c>*.{md,txt}</c>, is refused.
    /// </summary>
    public IReadOnlyList<string> Paths { get; init; } = [];

    /// <summary>Tags that the document must have; all of them.</summary>
    public IReadOnlyList<string> Tags { get; init; } = [];

    /// <summary>Metadata names and values that the document must have; all of them.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>
    /// Says what is wrong with the filter, as a sentence; <see langword="null"/> if nothing is. A request with a wrong filter is refused
    /// with the same text.
    /// </summary>
    /// <returns>The problem, and what to do; <see langword="null"/> if there is none.</returns>
    public string? FindProblem()
    {
        if (Paths is null || Tags is null || Metadata is null || Tags.Contains(null!) || Metadata.Values.Contains(null!))
            return "The filter contains null: leave out conditions that do not apply.";
        return TooMany(nameof(Paths), Paths.Count)
            ?? TooMany(nameof(Tags), Tags.Count)
            ?? TooMany(nameof(Metadata), Metadata.Count)
            ?? Paths.Select(PathPattern.FindProblem).FirstOrDefault(problem => problem is not null);
    }

    private static string? TooMany(string conditions, int count) =>
        count > MaxConditions ? $"{conditions} of the filter has {count} entries: use at most {MaxConditions}." : null;
}
