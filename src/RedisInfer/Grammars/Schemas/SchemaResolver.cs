using System.Text.Json;

namespace RedisInfer.Grammars.Schemas;

/// <summary>Joins parts of a schema that hold for the same value: follows <c>$ref</c> and <c>allOf</c>, and refuses what is not known.</summary>
internal sealed class SchemaResolver(JsonElement root)
{
    // Parts that hold for one value. People write a few.
    private const int MaxJoined = 64;

    // They restrict a value in ways that a grammar cannot keep to, or that other readers understand differently.
    private static readonly HashSet<string> Refused = new(StringComparer.Ordinal)
    {
        "not", "if", "then", "else", "patternProperties", "propertyNames", "dependentRequired", "dependentSchemas", "dependencies", "contains",
        "minContains", "maxContains", "uniqueItems", "multipleOf", "minProperties", "maxProperties", "unevaluatedProperties", "unevaluatedItems",
        "additionalItems", "$dynamicRef", "$recursiveRef",
    };

    private readonly Dictionary<string, SchemaPart> _targets = new(StringComparer.Ordinal);

    /// <summary>Joins parts.</summary>
    /// <param name="parts">The parts.</param>
    /// <returns>Objects with keywords that all hold; <see langword="null"/> if no value can satisfy them.</returns>
    /// <exception cref="ArgumentException">A part is not valid, or cannot be expressed.</exception>
    public IReadOnlyList<SchemaPart>? Join(IEnumerable<SchemaPart> parts)
    {
        var joined = new List<SchemaPart>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var open = new Queue<SchemaPart>(parts);
        while (open.TryDequeue(out SchemaPart part))
        {
            if (!seen.Add(part.Key))
            {
                continue;
            }

            if (seen.Count > MaxJoined)
            {
                throw SchemaErrors.At(part.Pointer, $"is one of over {MaxJoined} schemas that are joined for one value: write fewer");
            }

            switch (part.Element.ValueKind)
            {
                case JsonValueKind.True:
                    break;
                case JsonValueKind.False:
                    return null;
                case JsonValueKind.Object:
                    ThrowIfRefused(part);
                    joined.Add(part with { WithoutJoins = true });
                    AddJoins(part, open);
                    break;
                default:
                    throw SchemaErrors.At(part.Pointer, "is no schema: a schema is an object, true or false");
            }
        }

        return [.. joined.DistinctBy(part => part.Key)];
    }

    private void AddJoins(SchemaPart part, Queue<SchemaPart> open)
    {
        if (part.WithoutJoins)
        {
            return;
        }

        if (part.Get("$ref") is { } reference)
        {
            open.Enqueue(Find(reference));
        }

        if (part.Get("allOf") is { } all)
        {
            foreach (SchemaPart each in ItemsOf(all))
            {
                open.Enqueue(each);
            }
        }
    }

    /// <summary>The items of an array of schemas.</summary>
    public static IReadOnlyList<SchemaPart> ItemsOf(SchemaPart part) => part.Element.ValueKind == JsonValueKind.Array
        ? part.Items : throw SchemaErrors.At(part.Pointer, "is no array: write an array of schemas");

    private SchemaPart Find(SchemaPart reference)
    {
        string target = reference.Element.ValueKind == JsonValueKind.String ? reference.Element.GetString()! : "";
        if (_targets.TryGetValue(target, out SchemaPart known))
        {
            return known;
        }

        if (target is not "#" && !target.StartsWith("#/", StringComparison.Ordinal))
        {
            throw SchemaErrors.At(reference.Pointer, "is no reference into the same schema: write one such as '#/$defs/name'");
        }

        var found = new SchemaPart(root, "#");
        foreach (string step in target.Split('/').Skip(1))
        {
            string name = Uri.UnescapeDataString(step).Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);
            SchemaPart? next = found.Element.ValueKind == JsonValueKind.Array
                ? int.TryParse(name, out int index) && index >= 0 && index < found.Element.GetArrayLength() ? found.Items[index] : null
                : found.Get(name);
            found = next ?? throw SchemaErrors.At(reference.Pointer, $"refers to '{(target.Length <= 100 ? target : target[..100])}', which does not exist");
        }

        _targets.Add(target, found);
        return found;
    }

    private static void ThrowIfRefused(SchemaPart part)
    {
        foreach (JsonProperty keyword in part.Element.EnumerateObject())
        {
            if (Refused.Contains(keyword.Name) && !SaysNothing(keyword))
            {
                throw SchemaErrors.At(
                    $"{part.Pointer}/{keyword.Name}", $"has a keyword that cannot be kept to while a text is generated: leave out '{keyword.Name}'");
            }
        }
    }

    private static bool SaysNothing(JsonProperty keyword) => keyword.Name switch
    {
        "uniqueItems" => keyword.Value.ValueKind == JsonValueKind.False,
        "unevaluatedProperties" or "unevaluatedItems" or "additionalItems" => keyword.Value.ValueKind == JsonValueKind.True,
        "minProperties" => keyword.Value.ValueKind == JsonValueKind.Number && keyword.Value.TryGetInt32(out int least) && least == 0,
        _ => false,
    };
}
