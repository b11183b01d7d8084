using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace ConsoleDemo;

/// <summary>Writes one line of JSON to standard output, as UTF-8, whatever the console's encoding is.</summary>
internal static class JsonLine
{
    public static void Write<T>(T value, JsonTypeInfo<T> type)
    {
        using Stream output = Console.OpenStandardOutput();
        output.Write([.. JsonSerializer.SerializeToUtf8Bytes(value, type), (byte)'\n']);
    }
}
