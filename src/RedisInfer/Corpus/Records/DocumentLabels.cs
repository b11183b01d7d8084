using System.Buffers;
using System.Text.Json;

namespace RedisInfer.Corpus.Records;

/// <summary>What is known of a document in addition to its text. Questions can filter by tags and metadata.</summary>
/// <param name="Tags">Tags, each once, in ordinal order.</param>
/// <param name="Metadata">Values by name, in ordinal order of the names.</param>
internal sealed record DocumentLabels(IReadOnlyList<string> Tags, IReadOnlyDictionary<string, string> Metadata)
{
    public static readonly DocumentLabels None = new([], new Dictionary<string, string>());

    public static DocumentLabels Of(IReadOnlyCollection<string> tags, IReadOnlyDictionary<string, string> metadata) =>
        tags.Count == 0 && metadata.Count == 0
            ? None
            : new(
                [.. tags.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)],
                new SortedDictionary<string, string>(metadata.ToDictionary(), StringComparer.Ordinal));

    /// <summary>Encoding of the text in its file; <see langword="null"/> if it is not known.</summary>
    public string? Encoding { get; init; }

    /// <summary>Full path of the folder that it was indexed from; <see langword="null"/> if it came from no folder.</summary>
    public string? Folder { get; init; }

    /// <summary>The chunker that it was written again with, from its stored chunks; <see langword="null"/> if it was not.</summary>
    public string? Chunker { get; init; }

    public bool IsEmpty => Tags.Count == 0 && Metadata.Count == 0 && Encoding is null && Folder is null && Chunker is null;

    /// <summary>One line of JSON.</summary>
    public string Encode()
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartArray("tags");
            foreach (string tag in Tags)
            {
                json.WriteStringValue(tag);
            }

            json.WriteEndArray();
            json.WriteStartObject("meta");
            foreach ((string name, string value) in Metadata)
            {
                json.WriteString(name, value);
            }

            json.WriteEndObject();
            WriteOptional(json, "encoding", Encoding);
            WriteOptional(json, "folder", Folder);
            WriteOptional(json, "chunker", Chunker);
            json.WriteEndObject();
        }

        return System.Text.Encoding.UTF8.GetString(text.WrittenSpan);
    }

    /// <summary>Reads <see cref="Encode"/> back; <see langword="null"/> if the text is something else.</summary>
    public static DocumentLabels? Decode(string json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            string[] tags = [.. document.RootElement.GetProperty("tags").EnumerateArray().Select(tag => tag.GetString()!)];
            Dictionary<string, string> metadata = document.RootElement.GetProperty("meta").EnumerateObject()
                .ToDictionary(value => value.Name, value => value.Value.GetString()!);
            return Of(tags, metadata) with { Encoding = Optional("encoding"), Folder = Optional("folder"), Chunker = Optional("chunker") };

            string? Optional(string name) => document.RootElement.TryGetProperty(name, out JsonElement value) ? value.GetString() : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or KeyNotFoundException or ArgumentException)
        {
            return null;
        }
    }

    private static void WriteOptional(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
            json.WriteString(name, value);
    }

    public bool Equals(DocumentLabels? other) => other is not null && Encode() == other.Encode();

    public override int GetHashCode() => Encode().GetHashCode(StringComparison.Ordinal);
}
