using System.Text.Json;

namespace ConsoleDemo;

/// <summary>Reads a file of questions, one per line.</summary>
internal static class QuestionFile
{
    /// <exception cref="InvalidDataException">A line is JSON without a question, or the file has no question.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        var questions = new List<string>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                questions.Add(line.TrimStart().StartsWith('{') ? ReadJson(path, number, line) : line.Trim());
            }
        }

        return questions.Count > 0 ? questions : throw new InvalidDataException($"'{path}' holds no question: give one a line.");
    }

    private static string ReadJson(string path, int number, string line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("question", out JsonElement question)
                && question is { ValueKind: JsonValueKind.String } && !string.IsNullOrWhiteSpace(question.GetString()))
            {
                return question.GetString()!;
            }
        }
        catch (JsonException)
        {
            // The error is thrown below.
        }

        throw new InvalidDataException($"Line {number} of '{path}' is no JSON object with a text as \"question\".");
    }
}
