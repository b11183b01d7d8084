using System.Text.Json;

namespace RedisInfer.Benchmarks.DemoModel;

/// <summary>A question about a handbook.</summary>
/// <param name="Question">The question.</param>
/// <param name="Answer">Text that the answer must contain, or <see langword="null"/> if the handbook does not answer the question.</param>
/// <param name="Path">The document that contains the answer.</param>
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
