using System.Text.Json.Nodes;

namespace RedisInfer.Tests.Support.Schemas;

/// <summary>Makes JSON schemas with all that can be kept to: types, bounds, patterns, formats, alternatives, references in circles.</summary>
public sealed class RandomSchemas(Random random)
{
    private const int MaxDepth = 4;

    private static readonly string[] Names = ["name", "id", "Grüße", "a b", "\"quoted\"", "日本", "x/y~z", "date", "items", "very_long_name_of_a_property", ""];

    private static readonly string[] Patterns =
    [
        "^[a-z]{3,8}$", "^\\d{3}-\\d{4}$", "^(?:yes|no|maybe)$", "^[^\"\\\\]{0,5}$", "^A+b*c?$", "^(red|green|blue)( (dark|light)){0,2}$",
        "^[\\w-]{1,10}$", "ab", "^x", "^\\u00e9{2}[α-ω]+$", "^\\S{2,6}$", "^.{1,4}$", "^a|b$",
    ];

    private static readonly string[] Formats = ["date", "time", "date-time", "uuid", "email", "hostname", "ipv4", "ipv6", "uri", "duration"];

    private readonly JsonObject _definitions = [];

    /// <summary>Makes a schema.</summary>
    public JsonObject Make()
    {
        if (random.Next(3) == 0)
        {
            // A list, a tree, and two that refer to each other.
            _definitions["list"] = JsonNode.Parse(
                """{"type":"object","properties":{"value":{"type":"integer"},"next":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/list"}]}},"required":["value","next"]}""");
            _definitions["tree"] = JsonNode.Parse(
                """{"type":["array","boolean"],"items":{"$ref":"#/$defs/tree"},"maxItems":3}""");
            _definitions["folder"] = JsonNode.Parse(
                """{"type":"object","properties":{"file":{"$ref":"#/$defs/file"}},"additionalProperties":{"$ref":"#/$defs/folder"}}""");
            _definitions["file"] = JsonNode.Parse(
                """{"oneOf":[{"type":"string","maxLength":4},{"type":"object","properties":{"in":{"$ref":"#/$defs/folder"}},"required":["in"]}]}""");
        }

        JsonObject schema = Value(depth: 0);
        if (_definitions.Count > 0)
        {
            schema["$defs"] = _definitions;
        }

        return schema;
    }

    private JsonObject Value(int depth)
    {
        if (_definitions.Count > 0 && random.Next(6) == 0)
        {
            return new JsonObject { ["$ref"] = $"#/$defs/{Pick(["list", "tree", "folder", "file"])}" };
        }

        int kind = random.Next(depth < MaxDepth ? 12 : 7);
        return kind switch
        {
            0 => Text(),
            1 => Integer(),
            2 => Number(),
            3 => new JsonObject { ["type"] = Pick(["boolean", "null", "string", "number", "integer"]) },
            4 => new JsonObject { ["enum"] = new JsonArray("one", "two \"three\"", 4, -5.5, null, true, new JsonArray(1, "x"), new JsonObject { ["k"] = "v" }) },
            5 => new JsonObject { ["const"] = random.Next(2) == 0 ? "fixed\ntext" : random.Next(1000) },
            6 => new JsonObject { ["type"] = new JsonArray("null", Pick(["string", "integer", "boolean"])), ["description"] = "may be null" },
            7 or 8 => Object(depth),
            9 => Array(depth),
            10 => Union(depth),
            _ => Merged(depth),
        };
    }

    private JsonObject Text() => random.Next(3) switch
    {
        0 => new JsonObject { ["type"] = "string", ["pattern"] = Pick(Patterns) },
        1 => new JsonObject { ["type"] = "string", ["format"] = Pick(Formats) },
        _ => Bounded("string", "minLength", "maxLength", 12),
    };

    private JsonObject Integer()
    {
        var schema = new JsonObject { ["type"] = "integer" };
        long low = random.NextInt64(-2000, 2000) * (random.Next(3) == 0 ? 1_000_000_007 : 1), size = random.NextInt64(0, 5000);
        if (random.Next(4) > 0)
        {
            schema[Pick(["minimum", "exclusiveMinimum"])] = low;
        }

        if (random.Next(4) > 0)
        {
            schema[Pick(["maximum", "exclusiveMaximum"])] = low + size + 2;
        }

        return schema;
    }

    private JsonObject Number()
    {
        var schema = new JsonObject { ["type"] = "number" };
        decimal low = random.Next(-1000, 1000) / 8m, size = random.Next(0, 1000) / 100m;
        if (random.Next(4) > 0)
        {
            schema[Pick(["minimum", "exclusiveMinimum"])] = low;
        }

        if (random.Next(4) > 0)
        {
            schema[Pick(["maximum", "exclusiveMaximum"])] = low + size + 1;
        }

        return schema;
    }

    private JsonObject Object(int depth)
    {
        var properties = new JsonObject();
        var required = new JsonArray();
        foreach (string name in Names.OrderBy(_ => random.Next()).Take(random.Next(5)))
        {
            properties[name] = Value(depth + 1);
            if (random.Next(2) == 0)
            {
                required.Add(name);
            }
        }

        var schema = new JsonObject { ["type"] = "object", ["properties"] = properties, ["required"] = required };
        if (random.Next(3) == 0)
        {
            schema["additionalProperties"] = random.Next(2) == 0 ? false : Value(depth + 1);
        }

        return schema;
    }

    private JsonObject Array(int depth)
    {
        JsonObject schema = Bounded("array", "minItems", "maxItems", 4);
        schema["items"] = Value(depth + 1);
        if (random.Next(4) == 0)
        {
            schema["prefixItems"] = new JsonArray(Value(depth + 1), Value(depth + 1));
        }

        return schema;
    }

    private JsonObject Union(int depth) => random.Next(2) == 0
        ? new JsonObject { ["anyOf"] = new JsonArray(Value(depth + 1), Value(depth + 1), Value(depth + 1)) }
        : new JsonObject
        {
            ["type"] = "object",
            ["required"] = new JsonArray("kind"),
            ["oneOf"] = new JsonArray(Tagged("circle", depth), Tagged("square", depth)),
        };

    private JsonObject Tagged(string kind, int depth) => new()
    {
        ["properties"] = new JsonObject { ["kind"] = new JsonObject { ["const"] = kind }, ["size"] = Value(depth + 1) },
        ["required"] = new JsonArray("kind", "size"),
    };

    private JsonObject Merged(int depth) => new()
    {
        ["allOf"] = new JsonArray(
            new JsonObject { ["type"] = "object", ["properties"] = new JsonObject { ["a"] = Value(depth + 1) }, ["required"] = new JsonArray("a") },
            new JsonObject { ["properties"] = new JsonObject { ["b"] = Value(depth + 1), ["a"] = new JsonObject() } }),
    };

    private JsonObject Bounded(string type, string least, string most, int limit)
    {
        var schema = new JsonObject { ["type"] = type };
        int low = random.Next(limit);
        if (random.Next(2) == 0)
        {
            schema[least] = low;
        }

        if (random.Next(2) == 0)
        {
            schema[most] = low + random.Next(limit);
        }

        return schema;
    }

    private string Pick(IReadOnlyList<string> choices) => choices[random.Next(choices.Count)];
}
