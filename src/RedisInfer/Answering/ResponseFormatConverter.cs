using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RedisInfer.Answering;

/// <summary>Sends the schema of a format. What is computed for a format is kept with it, so equal schemas become one format.</summary>
internal sealed class ResponseFormatConverter : JsonConverter<RagResponseFormat>
{
    // A host has few formats. If one makes a schema for each question, they are forgotten together.
    private const int MostFormats = 64;

    private static readonly ConcurrentDictionary<string, RagResponseFormat> Formats = new(StringComparer.Ordinal);

    public override RagResponseFormat Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument schema = JsonDocument.ParseValue(ref reader);
        string text = schema.RootElement.GetRawText();
        if (Formats.TryGetValue(text, out RagResponseFormat? known))
        {
            return known;
        }

        if (Formats.Count >= MostFormats)
        {
            Formats.Clear();
        }

        return Formats.GetOrAdd(text, RagResponseFormat.JsonSchema(schema.RootElement));
    }

    public override void Write(Utf8JsonWriter writer, RagResponseFormat value, JsonSerializerOptions options) => value.Schema.WriteTo(writer);
}
