using System.Text.Json;
using System.Text.Json.Serialization;
using ModelContextProtocol;

namespace McpServer;

/// <summary>How results are written: names in camelCase, also those of enums.</summary>
internal static class ToolJson
{
    public static JsonSerializerOptions Options { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(McpJsonUtilities.DefaultOptions);
        options.Converters.Insert(0, new JsonStringEnumConverter(JsonNamingPolicy.CamelCase));
        return options;
    }
}
