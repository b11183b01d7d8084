using System.Text.Json;

namespace RedisInfer.Grammars.Schemas;

/// <summary>A part of a schema, with its place.</summary>
/// <param name="Element">The part.</param>
/// <param name="Pointer">Its JSON pointer, from <c>#</c>.</param>
/// <param name="WithoutJoins">Whether <c>$ref</c> and <c>allOf</c> in it were followed already.</param>
/// <param name="WithoutUnion">The keyword of alternatives in it that are spelled out already; <see langword="null"/>: none.</param>
internal readonly record struct SchemaPart(JsonElement Element, string Pointer, bool WithoutJoins = false, string? WithoutUnion = null)
{
    /// <summary>What tells it from other parts of the same schema.</summary>
    public string Key => $"{Pointer} {WithoutJoins} {WithoutUnion}";

    /// <summary>A keyword of it.</summary>
    /// <param name="keyword">The keyword.</param>
    public SchemaPart? Get(string keyword) =>
        Element.ValueKind == JsonValueKind.Object && keyword != WithoutUnion && Element.TryGetProperty(keyword, out JsonElement value)
            ? new SchemaPart(value, At(keyword)) : null;

    /// <summary>The entries of an object.</summary>
    public IEnumerable<(string Name, SchemaPart Part)> Entries
    {
        get
        {
            foreach (JsonProperty property in Element.EnumerateObject())
            {
                yield return (property.Name, new SchemaPart(property.Value, At(property.Name)));
            }
        }
    }

    /// <summary>The items of an array.</summary>
    public IReadOnlyList<SchemaPart> Items
    {
        get
        {
            var items = new List<SchemaPart>(Element.GetArrayLength());
            foreach (JsonElement item in Element.EnumerateArray())
            {
                items.Add(new SchemaPart(item, $"{Pointer}/{items.Count}"));
            }

            return items;
        }
    }

    private string At(string name) =>
        $"{Pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";
}
