using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ConsoleDemo;

/// <summary>Serializes without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonAnswer))]
[JsonSerializable(typeof(JsonScan))]
[JsonSerializable(typeof(JsonSearch))]
internal sealed partial class DemoJsonContext : JsonSerializerContext
{
    /// <summary>Does not escape letters and quotation marks, because the line is not part of a web page.</summary>
    public static DemoJsonContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
