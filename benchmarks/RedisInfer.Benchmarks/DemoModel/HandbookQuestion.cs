using System.Text.Json;

namespace RedisInfer.Benchmarks.DemoModel;

/// <summary>A question over a handbook.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">What the answer has to hold; <see langword="null"/> where the handbook does not say it.</param>
/// <param name="Path">The document that says it.</param>
internal sealed record HandbookQuestion(string Question, string? Answer, string? Path)
{
    public static async Task<IReadOnlyList<HandbookQuestion>> ReadAsync(string file, CancellationToken cancellationToken)
    {
        string[] lines = await File.ReadAllLinesAsync(file, cancellationToken);
        return
        [
            .. lines.Where(line => line.Length > 0)
                .Select(line => JsonSerializer.Deserialize<HandbookQuestion>(line, JsonSerializerOptions.Web)!),
        ];
    }
}
