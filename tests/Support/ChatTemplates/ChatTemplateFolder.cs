using System.Globalization;
using System.Text.Json;
using RedisInfer.Templates;
using RedisInfer.Templates.Values;

namespace RedisInfer.Tests.Support.ChatTemplates;

/// <summary>
/// A folder of chat templates (<c>NAME.jinja</c>) and of what a reference makes of them. <c>conversations.json</c> has conversations and
/// variables. <c>golden.json</c> has a text or an error for each template and conversation, with thinking off and on.
/// </summary>
public static class ChatTemplateFolder
{
    private const string WithThinking = "thinking";

    /// <summary>The project's own folder. Its expectations were rendered once by Jinja 3.1.6 with the settings of transformers.</summary>
    public static string Own { get; } = Path.Combine(Repository.Root, "tests", "Support", "ChatTemplates");

    /// <summary>Renders each template with each conversation.</summary>
    /// <exception cref="InvalidDataException">A file has another form, or is missing.</exception>
    public static IReadOnlyList<RenderedCase> Render(string folder)
    {
        try
        {
            using JsonDocument setting = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "conversations.json")));
            using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(folder, "golden.json")));
            return
            [
                .. from template in golden.RootElement.EnumerateObject()
                   from expected in template.Value.EnumerateObject()
                   select Render(folder, template.Name, expected, setting.RootElement),
            ];
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException($"'{folder}' is no folder of chat templates: {error.Message}", error);
        }
    }

    /// <summary>A JSON value as a template sees it.</summary>
    public static object? ToValue(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.TryGetInt64(out long number) ? number : value.GetDouble(),
        JsonValueKind.Array => value.EnumerateArray().Select(ToValue).ToList(),
        _ => ToDict(value),
    };

    /// <summary>Renders a template.</summary>
    public static (string? Text, string? Error) TryRender(string source, IEnumerable<KeyValuePair<string, object?>> variables, DateTimeOffset now)
    {
        try
        {
            return (ChatTemplate.Parse(source).Render(variables, () => now), null);
        }
        catch (TemplateException error)
        {
            return (null, $"line {error.Line}: {error.Message}");
        }
    }

    private static TemplateDict ToDict(JsonElement value)
    {
        var dict = new TemplateDict();
        var budget = new Budget();
        foreach (JsonProperty property in value.EnumerateObject())
        {
            dict.Set(property.Name, ToValue(property.Value), budget);
        }

        return dict;
    }

    private static RenderedCase Render(string folder, string template, JsonProperty expected, JsonElement setting)
    {
        string[] name = expected.Name.Split('/');
        var variables = setting.GetProperty("variables").EnumerateObject().ToDictionary(one => one.Name, one => ToValue(one.Value));
        variables["messages"] = ToValue(setting.GetProperty("conversations").GetProperty(name[0]));
        variables["enable_thinking"] = name[^1] == WithThinking;
        DateTimeOffset now = DateTimeOffset.Parse(setting.GetProperty("now").GetString()!, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
        (string? text, string? error) = TryRender(File.ReadAllText(Path.Combine(folder, template)), variables, now);
        string? wanted = expected.Value.TryGetProperty("text", out JsonElement given) ? given.GetString() : null;
        return new RenderedCase($"{template} {expected.Name}", wanted, text, error);
    }
}
