using System.Text.Json;

namespace ConsoleDemo;

/// <summary>Reads a file of questions, one per line.</summary>
internal static class QuestionFile
{
    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">A line is JSON without a question, or the file has no question.</exception>
    public static IReadOnlyList<AskedQuestion> Read(string path)
    {
        if (!File.Exists(path))
        {
            throw new FileNotFoundException($"There is no file '{path}': give one with a question a line as --questions.");
        }

        var questions = new List<AskedQuestion>();
        int number = 0;
        foreach (string line in File.ReadLines(path))
        {
            number++;
            if (!string.IsNullOrWhiteSpace(line))
            {
                questions.Add(line.TrimStart().StartsWith('{') ? ReadJson(path, number, line) : new AskedQuestion(line.Trim(), Paths: null));
            }
        }

        return questions.Count > 0 ? questions : throw new InvalidDataException($"'{path}' holds no question: give one a line.");
    }

    private static AskedQuestion ReadJson(string path, int number, string line)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(line);
            if (json.RootElement.TryGetProperty("question", out JsonElement question)
                && question is { ValueKind: JsonValueKind.String } && !string.IsNullOrWhiteSpace(question.GetString()))
            {
                return new AskedQuestion(question.GetString()!, ReadPaths(path, number, json.RootElement));
            }
        }
        catch (JsonException)
        {
            // The error is thrown below.
        }

        throw new InvalidDataException($"Line {number} of '{path}' is no JSON object with a text as \"question\".");
    }

    private static List<string>? ReadPaths(string path, int number, JsonElement line)
    {
        if (!line.TryGetProperty("paths", out JsonElement paths) || paths.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (paths.ValueKind != JsonValueKind.Array || paths.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String))
        {
            throw new InvalidDataException($"Line {number} of '{path}' has \"paths\" that are no list of texts.");
        }

        return [.. paths.EnumerateArray().Select(one => one.GetString()!)];
    }
}
