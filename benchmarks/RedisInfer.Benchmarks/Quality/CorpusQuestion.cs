using System.Text.Json;

namespace RedisInfer.Benchmarks.Quality;

/// <summary>A question about a folder, and the place of the answer.</summary>
/// <param name="Question">The question.</param>
/// <param name="Paths">Files that contain the answer. Empty if no file does.</param>
/// <param name="Lines">First and last line of the answer in the first of these files, or <see langword="null"/> if any line counts.</param>
internal sealed record CorpusQuestion(string Question, IReadOnlyList<string> Paths, int[]? Lines)
{
    /// <summary>Kind of the question, such as <c>paraphrase</c>, or <see langword="null"/>. Each kind has a figure of its own.</summary>
    public string? Kind { get; init; }

    public static async Task<IReadOnlyList<CorpusQuestion>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        string[] lines = await File.ReadAllLinesAsync(file, cancellationToken);
        return
        [
            .. lines.Where(line => line.Length > 0)
                .Select(line => JsonSerializer.Deserialize<CorpusQuestion>(line, JsonSerializerOptions.Web)!),
        ];
    }

    /// <summary>Whether a passage comes from one of the files.</summary>
    public bool IsIn(RagPassage passage) => Paths.Contains(passage.Path);

    /// <summary>Whether a passage overlaps the lines of the answer.</summary>
    public bool IsOnLines(RagPassage passage) =>
        Lines is [int first, int last] && passage.Path == Paths[0] && passage.StartLine <= last && first <= passage.EndLine;
}
