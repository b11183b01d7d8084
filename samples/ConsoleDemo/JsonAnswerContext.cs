using System.Text.Json.Serialization;

namespace ConsoleDemo;

/// <summary>Serializes without reflection.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(JsonAnswer))]
internal sealed partial class JsonAnswerContext : JsonSerializerContext;
