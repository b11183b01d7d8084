using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization.Metadata;

namespace RedisInfer;

/// <summary>
/// The formats of types. All properties of a type are required, so that a model leaves none out, and each value has the range of its type. What
/// is computed for a type is kept as long as its metadata.
/// </summary>
internal static class TypeFormats
{
    private const string Clock = "^(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\\.[0-9]{1,7})?$";
    private const string Span = "^(?:[1-9][0-9]{0,4}\\.)?(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]$";
    private const string Base64 = "^(?:[A-Za-z0-9+/]{4}){0,1000000}$";

    private static readonly ConditionalWeakTable<JsonTypeInfo, RagResponseFormat> Known = [];

    private static readonly JsonSchemaExporterOptions Export = new() { TreatNullObliviousAsNonNullable = true, TransformSchemaNode = Transform };

    private static readonly Dictionary<Type, string> Patterns = new()
    {
        [typeof(TimeOnly)] = Clock,
        [typeof(TimeSpan)] = Span,
        [typeof(byte[])] = Base64,
        [typeof(char)] = "^[ -~]$",
    };

    private static readonly Dictionary<Type, (decimal Min, decimal Max)> Ranges = new()
    {
        [typeof(byte)] = (byte.MinValue, byte.MaxValue),
        [typeof(sbyte)] = (sbyte.MinValue, sbyte.MaxValue),
        [typeof(short)] = (short.MinValue, short.MaxValue),
        [typeof(ushort)] = (ushort.MinValue, ushort.MaxValue),
        [typeof(int)] = (int.MinValue, int.MaxValue),
        [typeof(uint)] = (uint.MinValue, uint.MaxValue),
        [typeof(ulong)] = (0, 999_999_999_999_999),
        [typeof(UInt128)] = (0, 999_999_999_999_999),
        [typeof(Half)] = (-65_504, 65_504),
    };

    /// <summary>The format of a type.</summary>
    /// <param name="type">The metadata of the type.</param>
    /// <exception cref="ArgumentException">The type has a part that cannot be expressed.</exception>
    public static RagResponseFormat Of(JsonTypeInfo type) => Known.GetValue(type, static type =>
    {
        using var schema = JsonDocument.Parse(type.GetJsonSchemaAsNode(Export).ToJsonString());
        return RagResponseFormat.JsonSchema(schema.RootElement);
    });

    private static JsonNode Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        Type type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (context.TypeInfo is { Kind: JsonTypeInfoKind.Dictionary, KeyType: { } key } && key != typeof(string))
        {
            throw new ArgumentException($"{type.Name} has keys of type {key.Name}, and any text may be a key in JSON: use string keys.");
        }

        if (schema is not JsonObject keywords)
        {
            return schema;
        }

        if (keywords["properties"] is JsonObject properties)
        {
            keywords["required"] = new JsonArray([.. properties.Select(property => JsonValue.Create(property.Key))]);
        }

        if (type.IsEnum && !keywords.ContainsKey("enum"))
        {
            ListValues(keywords, type, context.TypeInfo);
        }
        else if (Patterns.TryGetValue(type, out string? pattern))
        {
            Array.ForEach(["format", "minLength", "maxLength"], keyword => keywords.Remove(keyword));
            keywords["pattern"] = pattern;
        }
        else if (Ranges.TryGetValue(type, out (decimal Min, decimal Max) range) && keywords.ContainsKey("type"))
        {
            (keywords["minimum"], keywords["maximum"]) = (range.Min, range.Max);
        }

        return schema;
    }

    // An enum that is written as a number, or that has flags, is exported as any number or text.
    private static void ListValues(JsonObject keywords, Type type, JsonTypeInfo info)
    {
        var values = new JsonArray();
        foreach (object value in Enum.GetValuesAsUnderlyingType(type))
        {
            JsonTypeInfo own = info.Type == type ? info : info.Options.GetTypeInfo(type);
            values.Add(JsonSerializer.SerializeToNode(Enum.ToObject(type, value), own));
        }

        if (info.Type != type)
        {
            values.Add(null);
        }

        keywords.Remove("type");
        keywords["enum"] = values;
    }
}
