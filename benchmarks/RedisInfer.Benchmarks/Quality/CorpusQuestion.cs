using System.Text.Json;

namespace RedisInfer.Benchmarks.Quality;

/// <summary>A question over a folder, and where the answer is.</summary>
/// <param name="Question">The question.</param>
/// <param name="Paths">Files that hold the answer; empty where none does.</param>
/// <param name="Lines">First and last line of the answer in the first of them; <see langword="null"/> where any line will do.</param>
internal sealed record CorpusQuestion(string Question, IReadOnlyList<string> Paths, int[]? Lines)
{
    public static async Task<IReadOnlyList<CorpusQuestion>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        string[] lines = await File.ReadAllLinesAsync(file, cancellationToken);
        return
        [
            .. lines.Where(line => line.Length > 0)
                .Select(line => JsonSerializer.Deserialize<CorpusQuestion>(line, JsonSerializerOptions.Web)!),
        ];
    }

    /// <summary>Whether a passage is of one of the files.</summary>
    public bool IsIn(RagPassage passage) => Paths.Contains(passage.Path);

    /// <summary>Whether a passage overlaps the lines.</summary>
    public bool IsOnLines(RagPassage passage) =>
        Lines is [int first, int last] && passage.Path == Paths[0] && passage.StartLine <= last && first <= passage.EndLine;
}
